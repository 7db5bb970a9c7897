import type { AlertAddressStore } from './alert-address-store.ts';
import type { ApiKeyStore } from './api-key-store.ts';
import type { AuditLog } from './audit-log.ts';
import type { Brakes } from './brakes.ts';
import type { Clock } from './clock.ts';
import type { DeliveryLog } from './delivery-log.ts';
import type { DispatchReader } from './dispatch-reader.ts';
import type { DueIndex } from './due-index.ts';
import type { EndpointHealthStore, EndpointStore } from './endpoint-store.ts';
import type { EventLog } from './event-log.ts';
import type { EventTypeStore } from './event-type-store.ts';
import type { HttpSender } from './http-sender.ts';
import type { IdempotencyStore } from './idempotency-store.ts';
import type { JobStore } from './job-store.ts';
import type { Log } from './log.ts';
import type { Mailer } from './mailer.ts';
import type { NumberStore } from './number-store.ts';
import type { PollLog } from './poll-log.ts';
import type { PortalSessionStore } from './portal-session-store.ts';
import type { Queues } from './queues.ts';
import type { RateSlots } from './rate-slots.ts';
import type { QuotaCounter } from './quota-counter.ts';
import type { Random } from './random.ts';
import type { SecretBox } from './secret-box.ts';
import type { SecondFactorStore } from './second-factor-store.ts';
import type { SubscriptionStore } from './subscription-store.ts';
import type { TenantData } from './tenant-data.ts';
import type { TenantStore } from './tenant-store.ts';
import type { TroubledEndpoints } from './troubled-endpoints.ts';
import type { UsageLog } from './usage-log.ts';

/** Everything that the pipeline needs from outside. A stage takes only the ports that it uses. */
export interface Ports {
  clock: Clock;
  random: Random;
  log: Log;
  secrets: SecretBox;
  sender: HttpSender;
  /** Absent: the deployment sends no mail. */
  mailer?: Mailer;
  queues: Queues;
  endpoints: EndpointStore;
  subscriptions: SubscriptionStore;
  health: EndpointHealthStore;
  slots: RateSlots;
  brakes: Brakes;
  quotas: QuotaCounter;
  events: EventLog;
  idempotency: IdempotencyStore;
  deliveries: DeliveryLog;
  polls: PollLog;
  reader: DispatchReader;
  due: DueIndex;
  jobs: JobStore;
  troubled: TroubledEndpoints;
  tenants: TenantStore;
  tenantData: TenantData;
  audit: AuditLog;
  factors: SecondFactorStore;
  alertAddresses: AlertAddressStore;
  apiKeys: ApiKeyStore;
  sessions: PortalSessionStore;
  numbers: NumberStore;
  eventTypes: EventTypeStore;
  usage: UsageLog;
}

/** Every port that stores something, except the queues. */
export type TablePorts = Omit<Ports, 'clock' | 'random' | 'log' | 'secrets' | 'sender' | 'mailer' | 'queues'>;
