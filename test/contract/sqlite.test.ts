import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecretBox } from '../../lib/adapters/key-file/secret-box.ts';
import { RefusedLines } from '../../lib/adapters/line-file/refused-lines.ts';
import { type SqliteStore, openSqliteStore } from '../../lib/adapters/sqlite/store.ts';
import { systemRandom } from '../../lib/adapters/system/system-random.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { describeAlertAddressStore } from './alert-address-store.contract.ts';
import { describeApiKeyStore } from './api-key-store.contract.ts';
import { describeAuditLog } from './audit-log.contract.ts';
import { describeBrakes } from './brakes.contract.ts';
import { describeDeliveryLog } from './delivery-log.contract.ts';
import { describeDeliveryPages } from './delivery-pages.contract.ts';
import { describeDispatchReader } from './dispatch-reader.contract.ts';
import { describeDueIndex } from './due-index.contract.ts';
import { describeEndpointHealth } from './endpoint-health.contract.ts';
import { describeEndpointStore } from './endpoint-store.contract.ts';
import { describeEventLog } from './event-log.contract.ts';
import { describeEventPages } from './event-pages.contract.ts';
import { describeIdempotencyStore } from './idempotency-store.contract.ts';
import { describeJobStore } from './job-store.contract.ts';
import type { Opened } from './opened.ts';
import { describeNumberStore } from './number-store.contract.ts';
import { describePollLog } from './poll-log.contract.ts';
import { describeQueues } from './queues.contract.ts';
import { describePortalSessionStore } from './portal-session-store.contract.ts';
import { describeQuotaCounter } from './quota-counter.contract.ts';
import { describeRateSlots } from './rate-slots.contract.ts';
import { describeRefusedMessages } from './refused-messages.contract.ts';
import { describeSecondFactorStore } from './second-factor-store.contract.ts';
import { describeSecretBox } from './secret-box.contract.ts';
import { describeSubscriptionStore } from './subscription-store.contract.ts';
import { describeEventTypeStore } from './event-type-store.contract.ts';
import { describeTenantData } from './tenant-data.contract.ts';
import { describeTenantStore } from './tenant-store.contract.ts';
import { describeTroubledEndpoints } from './troubled-endpoints.contract.ts';
import { describeUsageLog } from './usage-log.contract.ts';

/** Opens a new store and picks from it the port that a suite asks of. */
type Opener = <Port>(pick: (store: SqliteStore) => Port) => () => Opened<Port>;

const inMemory: Opener = (pick) => () => {
  const clock = new VirtualClock();
  const store = openSqliteStore({ path: ':memory:', clock });
  return { port: pick(store), clock, close: () => store.close() };
};

const onDisk: Opener = (pick) => () => {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-contract-'));
  const clock = new VirtualClock();
  const store = openSqliteStore({ path: join(folder, 'store'), clock });
  const close = () => {
    store.close();
    rmSync(folder, { recursive: true });
  };
  return { port: pick(store), clock, close };
};

function describeBackend(name: string, open: Opener): void {
  describeEndpointStore(
    name,
    open((store) => store.endpoints),
  );
  describeSubscriptionStore(
    name,
    open((store) => store.subscriptions),
  );
  describeEndpointHealth(
    name,
    open((store) => store.health),
  );
  describeEventLog(
    name,
    open((store) => store.events),
  );
  describeEventPages(
    name,
    open((store) => store.events),
  );
  describeIdempotencyStore(
    name,
    open((store) => store.idempotency),
  );
  describeDeliveryLog(
    name,
    open((store) => store.deliveries),
  );
  describeDeliveryPages(
    name,
    open((store) => store.deliveries),
  );
  describeDispatchReader(
    name,
    open((store) => store),
  );
  describeDueIndex(
    name,
    open((store) => store),
  );
  describeRateSlots(
    name,
    open((store) => store.slots),
  );
  describeQuotaCounter(
    name,
    open((store) => store.quotas),
  );
  describeBrakes(
    name,
    open((store) => store.brakes),
  );
  describeJobStore(
    name,
    open((store) => store.jobs),
  );
  describeAuditLog(
    name,
    open((store) => store.audit),
  );
  describeSecondFactorStore(
    name,
    open((store) => store.factors),
  );
  describeAlertAddressStore(
    name,
    open((store) => store.alertAddresses),
  );
  describeNumberStore(
    name,
    open((store) => store.numbers),
  );
  describeUsageLog(
    name,
    open((store) => store.usage),
  );
  describePollLog(
    name,
    open((store) => store.polls),
  );
  describeTenantStore(
    name,
    open((store) => store),
  );
  describeTenantData(
    name,
    open((store) => store),
  );
  describeEventTypeStore(
    name,
    open((store) => store),
  );
  describeApiKeyStore(
    name,
    open((store) => store.apiKeys),
  );
  describeTroubledEndpoints(
    name,
    open((store) => store),
  );
  describePortalSessionStore(
    name,
    open((store) => store.sessions),
  );
  describeQueues(name, () => {
    const { port, clock, close } = open((store) => store.queues)();
    return { queues: port, advance: (seconds) => clock.advance(seconds * 1000), close };
  });
}

describeBackend('sqlite in memory', inMemory);
describeBackend('sqlite on disk', onDisk);

function openBox(fill: number) {
  return () => ({
    port: createSecretBox(new Uint8Array(32).fill(fill), systemRandom),
    clock: new VirtualClock(),
    close: () => undefined,
  });
}

describeSecretBox('key file', openBox(1), openBox(2));

describeRefusedMessages('a file of lines', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'postrider-refused-'));
  const path = join(folder, 'refused.jsonl');
  return {
    port: new RefusedLines(path, () => 0),
    found: async () => (await readFile(path, 'utf8')).trimEnd().split('\n').map(refusedIn),
    breakDown: () => mkdir(path),
    close: () => rm(folder, { recursive: true }),
  };
});

function refusedIn(line: string) {
  const { message_id: messageId, error_code: code, error_message: why, at, ...rest } = JSON.parse(line);
  if (at !== '1970-01-01T00:00:00.000Z') throw new Error(`at ${at}`);
  return { ...rest, messageId, code, why };
}
