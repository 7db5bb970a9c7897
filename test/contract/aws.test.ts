import { type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, vi } from 'vitest';
import { DocumentTable } from '../../lib/adapters/dynamodb/access/document-table.ts';
import { DynamoDataKeyStore } from '../../lib/adapters/dynamodb/stores/data-key-store.ts';
import { type DynamoStore, openDynamoStore } from '../../lib/adapters/dynamodb/store.ts';
import { createKmsSecretBox } from '../../lib/adapters/kms/secret-box.ts';
import { SqsRefusedMessages } from '../../lib/adapters/sqs/refused-messages.ts';
import { createSqsQueues } from '../../lib/adapters/sqs/queues.ts';
import { systemClock } from '../../lib/adapters/system/system-clock.ts';
import { systemRandom } from '../../lib/adapters/system/system-random.ts';
import {
  type Emulator,
  type TestTables,
  createQueues,
  createTables,
  sqsKind,
  startDynamo,
  startSqs,
} from '../support/aws-emulators.ts';
import { MemoryDataKeys } from '../support/memory-data-keys.ts';
import { TestKms } from '../support/test-kms.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { describeAlertAddressStore } from './alert-address-store.contract.ts';
import { describeApiKeyStore } from './api-key-store.contract.ts';
import { describeAuditLog } from './audit-log.contract.ts';
import { describeBrakes } from './brakes.contract.ts';
import { describeDataKeyStore } from './data-key-store.contract.ts';
import { describeDeliveryLog } from './delivery-log.contract.ts';
import { describeDeliveryPages } from './delivery-pages.contract.ts';
import { describeDispatchReader } from './dispatch-reader.contract.ts';
import { describeDueIndex } from './due-index.contract.ts';
import { describeEndpointHealth } from './endpoint-health.contract.ts';
import { describeEndpointStore } from './endpoint-store.contract.ts';
import { describeEventPages } from './event-pages.contract.ts';
import { describeEventLog } from './event-log.contract.ts';
import { describeIdempotencyStore } from './idempotency-store.contract.ts';
import { describeJobStore } from './job-store.contract.ts';
import { describeNumberStore } from './number-store.contract.ts';
import type { Opened } from './opened.ts';
import { type QueueTraits, describeQueues } from './queues.contract.ts';
import { describePortalSessionStore } from './portal-session-store.contract.ts';
import { describeQuotaCounter } from './quota-counter.contract.ts';
import { describeRateSlots } from './rate-slots.contract.ts';
import { describeRefusedMessages } from './refused-messages.contract.ts';
import { describeSecondFactorStore } from './second-factor-store.contract.ts';
import { describeSecretBox } from './secret-box.contract.ts';
import { describeSubscriptionStore } from './subscription-store.contract.ts';
import { describeEventTypeStore } from './event-type-store.contract.ts';
import { describePollLog } from './poll-log.contract.ts';
import { describeTenantData } from './tenant-data.contract.ts';
import { describeTenantStore } from './tenant-store.contract.ts';
import { describeTroubledEndpoints } from './troubled-endpoints.contract.ts';
import { describeUsageLog } from './usage-log.contract.ts';

let dynamo: Emulator;
let sqs: Emulator;
let tables: TestTables;

beforeAll(async () => {
  [dynamo, sqs] = await Promise.all([startDynamo(), startSqs()]);
  tables = await createTables(dynamo.connection, dynamo.direct);
}, 120_000);

afterAll(async () => {
  await tables.remove();
  await Promise.all([dynamo.stop(), sqs.stop()]);
});

function storeOver({ client, names }: TestTables, clock: VirtualClock): DynamoStore {
  return openDynamoStore({ client, tables: names, clock, random: systemRandom });
}

/** Over the tables that all suites share: each test has a tenant of its own. */
function open<Port>(pick: (store: DynamoStore) => Port): () => Opened<Port> {
  return () => {
    const clock = new VirtualClock();
    return { port: pick(storeOver(tables, clock)), clock, close: () => undefined };
  };
}

/** Over tables of its own: the due index is everybody's. */
async function openAlone(): Promise<Opened<DynamoStore>> {
  const own = await createTables(dynamo.connection, dynamo.direct);
  const clock = new VirtualClock();
  return { port: storeOver(own, clock), clock, close: () => own.remove() };
}

describeEndpointStore(
  'dynamodb',
  open((store) => store.endpoints),
);
describeSubscriptionStore(
  'dynamodb',
  open((store) => store.subscriptions),
);
describeEndpointHealth(
  'dynamodb',
  open((store) => store.health),
);
describeEventPages(
  'dynamodb',
  open((store) => store.events),
);
describeRateSlots(
  'dynamodb',
  open((store) => store.slots),
);
describeQuotaCounter(
  'dynamodb',
  open((store) => store.quotas),
);
describeBrakes(
  'dynamodb',
  open((store) => store.brakes),
);
describeEventLog(
  'dynamodb',
  open((store) => store.events),
);
describeIdempotencyStore(
  'dynamodb',
  open((store) => store.idempotency),
);
describeDeliveryLog(
  'dynamodb',
  open((store) => store.deliveries),
);
describeDeliveryPages(
  'dynamodb',
  open((store) => store.deliveries),
);
describeDispatchReader(
  'dynamodb',
  open((store) => store),
);
describeDueIndex('dynamodb', openAlone);
describeJobStore(
  'dynamodb',
  open((store) => store.jobs),
);
describeAuditLog(
  'dynamodb',
  open((store) => store.audit),
);
describeSecondFactorStore(
  'dynamodb',
  open((store) => store.factors),
);
describeAlertAddressStore(
  'dynamodb',
  open((store) => store.alertAddresses),
);
describeNumberStore(
  'dynamodb',
  open((store) => store.numbers),
);
describePollLog(
  'dynamodb',
  open((store) => store.polls),
);
describeUsageLog(
  'dynamodb',
  open((store) => store.usage),
);
describeTenantStore(
  'dynamodb',
  open((store) => store),
);
describeTenantData(
  'dynamodb',
  open((store) => store),
);
describeEventTypeStore(
  'dynamodb',
  open((store) => store),
);
describeTroubledEndpoints('dynamodb', openAlone);
describePortalSessionStore(
  'dynamodb',
  open((store) => store.sessions),
);
describeApiKeyStore(
  'dynamodb',
  open((store) => store.apiKeys),
);

describeDataKeyStore('dynamodb', () => {
  const port = new DynamoDataKeyStore(new DocumentTable(tables.client, tables.names.config));
  return { port, clock: new VirtualClock(), close: () => undefined };
});

const virtualTime = sqsKind === 'in this process';
const traits: QueueTraits = {
  hasVirtualTime: virtualTime,
  visibilitySeconds: virtualTime ? 120 : 4,
  tellsGroups: sqsKind === 'real',
  limitsHidingInAll: sqsKind === 'real',
};

/** The emulator in this process reads the time from `Date`, and so is moved through hours; any other one is waited for. */
async function openQueues() {
  const { client, urls, remove } = await createQueues(sqs.connection, traits);
  const queues = createSqsQueues({ client, urls, clock: systemClock, random: systemRandom });
  if (!virtualTime) return { queues, advance: (seconds: number) => systemClock.sleep(seconds * 1000), close: remove };
  vi.useFakeTimers({ toFake: ['Date'] });
  const advance = async (seconds: number) => void vi.setSystemTime(Date.now() + seconds * 1000);
  const close = async () => {
    vi.useRealTimers();
    await remove();
  };
  return { queues, advance, close };
}

describeQueues('sqs', openQueues, traits);

describeRefusedMessages('sqs', async () => {
  const { client, urls, remove } = await createQueues(sqs.connection);
  let isGone = false;
  const breakDown = async () => {
    isGone = true;
    await remove();
  };
  return {
    port: new SqsRefusedMessages(client, urls.poison),
    found: async () => (await receiveAll(client, urls.poison)).map(refusedIn),
    breakDown,
    close: async () => {
      if (!isGone) await remove();
    },
  };
});

async function receiveAll(client: SQSClient, url: string): Promise<Message[]> {
  const all: Message[] = [];
  const receive = new ReceiveMessageCommand({
    QueueUrl: url,
    MaxNumberOfMessages: 10,
    MessageAttributeNames: ['All'],
  });
  for (;;) {
    const { Messages = [] } = await client.send(receive);
    if (Messages.length === 0) return all;
    all.push(...Messages);
  }
}

function refusedIn({ Body: body = '', MessageAttributes: said = {} }: Message) {
  const text = (name: string) => said[name]?.StringValue ?? '';
  return {
    source: text('source'),
    messageId: text('message_id'),
    code: text('error_code'),
    why: text('error_message'),
    body,
  };
}

function openBox() {
  const { client } = new TestKms();
  const clock = new VirtualClock();
  const dataKeys = new MemoryDataKeys();
  const port = createKmsSecretBox({ client, keyId: 'alias/test', dataKeys, clock, random: systemRandom });
  return { port, clock, close: () => undefined };
}

describeSecretBox('kms', openBox, openBox);
