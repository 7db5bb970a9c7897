import { DynamoDBClient, DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type AwsClientStub, mockClient } from 'aws-sdk-client-mock';
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
  const clock = new InstantClock();
  const store = openDynamoStore({ client, tables: TABLES, clock, random: systemRandom });
  return { store, calls, clock, make: new RecordMaker(new VirtualClock(clock.now())) };
}

/** An error as the SDK throws it. */
export function serviceError(name: string, fault: 'client' | 'server' = 'client'): DynamoDBServiceException {
  return new DynamoDBServiceException({ name, $fault: fault, message: `${name}!`, $metadata: { attempts: 3 } });
}
