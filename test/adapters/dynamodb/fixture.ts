import { ConditionalCheckFailedException, DynamoDBClient, DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, type BatchGetCommandInput, DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { type AwsClientStub, mockClient } from 'aws-sdk-client-mock';
import { SCHEMA_KEY } from '../../../lib/adapters/dynamodb/layout/keys.ts';
import { type DynamoStore, openDynamoStore } from '../../../lib/adapters/dynamodb/store.ts';
import { systemRandom } from '../../../lib/adapters/system/system-random.ts';
import { InstantClock } from '../../support/instant-clock.ts';
import { RecordMaker } from '../../support/records.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

export const TABLES = { config: 'the-config', log: 'the-log' };

export interface MockedStore {
  store: DynamoStore;
  calls: AwsClientStub<DynamoDBDocumentClient>;
  clock: InstantClock;
  make: RecordMaker;
}

/** A store whose every request can be seen, and answered as a test likes. */
export function openMockedStore(): MockedStore {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
  const calls = mockClient(client) as unknown as AwsClientStub<DynamoDBDocumentClient>;
  calls.on(GetCommand, { TableName: TABLES.config, Key: SCHEMA_KEY }).resolves({});
  const clock = new InstantClock();
  const store = openDynamoStore({ client, tables: TABLES, clock, random: systemRandom });
  return { store, calls, clock, make: new RecordMaker(new VirtualClock(clock.now())) };
}

/** An error as the SDK throws it. */
export function serviceError(name: string, fault: 'client' | 'server' = 'client'): DynamoDBServiceException {
  return new DynamoDBServiceException({ name, $fault: fault, message: `${name}!`, $metadata: { attempts: 3 } });
}

/** A write whose condition did not hold. @param attempts how often the SDK sent it */
export function refusedCondition(attempts: number): ConditionalCheckFailedException {
  return new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: { attempts } });
}

/** The BatchGetItem requests so far. */
export function batchRequests(calls: MockedStore['calls']): BatchGetCommandInput[] {
  return calls.commandCalls(BatchGetCommand).map((call) => call.args[0].input);
}

/** All keys of a request, as texts. */
export function keysOf(request: BatchGetCommandInput): string[] {
  return Object.entries(request.RequestItems ?? {}).flatMap(([table, { Keys = [] }]) =>
    Keys.map(({ pk, sk }) => `${table} ${pk} ${sk}`),
  );
}
