import { afterAll, beforeAll } from 'vitest';
import { type Emulator, startDynamo } from '../../support/aws-emulators.ts';
import { openOnTables } from '../../support/dumped-world.ts';
import { describeErasedTenant } from './erased-tenant.ts';

let dynamo: Emulator;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

describeErasedTenant('dynamodb', () => openOnTables(dynamo));
