import { afterAll, beforeAll } from 'vitest';
import { openDynamoStore } from '../../lib/adapters/dynamodb/store.ts';
import { type Emulator, createTables, startDynamo } from '../support/aws-emulators.ts';
import type { PortCall } from '../support/fault-injection.ts';
import { World } from '../support/world.ts';
import type { Backend } from './backend.ts';
import { type Scenario, describeCrashPoints } from './crash-points.ts';

/**
 * DynamoDB's tables and sqlite's queues (see {@link World}); the tests of the SQS adapter have the faults of SQS. The
 * emulator runs for the tests of one file, which ask it without sockets: there are several files, so that they share the
 * cores.
 */
export function awsBackend(): Backend {
  let dynamo: Emulator;
  beforeAll(async () => {
    dynamo = await startDynamo();
  });
  afterAll(() => dynamo.stop());

  return {
    async open(settings) {
      const { client, names: tables, remove } = await createTables(dynamo.connection, dynamo.direct);
      const world = new World(1, settings, (clock, random) => openDynamoStore({ client, tables, clock, random }));
      const close = async () => {
        world.close();
        await remove();
      };
      return { world, close };
    },
    crashPoints: eachMethod,
    timeoutMs: 300_000,
  };
}

/** Each method of each port the first two times and the last time: the emulator is too slow for all of them. */
function eachMethod(calls: readonly PortCall[]): PortCall[] {
  const byMethod = Object.values(Object.groupBy(calls, ({ port, method }) => `${port}.${method}`));
  return byMethod.flatMap((all = []) => all.filter((_, nth) => nth < 2 || nth === all.length - 1));
}

/** They take too long here; sqlite runs them all. */
const LEFT_OUT = new Set([
  'a customer that answers 410',
  'an endpoint that is paused, holds, and is resumed without what it held',
  'a run of the due ones',
  'a bulk retry',
]);

/** The crash points of these scenarios on DynamoDB's tables, except those that take too long. */
export function describeOnAws(scenarios: readonly Scenario[]): void {
  describeCrashPoints(
    awsBackend(),
    scenarios.filter(({ name }) => !LEFT_OUT.has(name)),
  );
}
