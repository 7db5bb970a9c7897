import { DynamoDataKeyStore } from '../../../lib/adapters/dynamodb/stores/data-key-store.ts';
import { createKmsClient } from '../../../lib/adapters/kms/client.ts';
import { createKmsSecretBox } from '../../../lib/adapters/kms/secret-box.ts';
import { systemClock } from '../../../lib/adapters/system/system-clock.ts';
import { systemRandom } from '../../../lib/adapters/system/system-random.ts';
import { createEndpoint } from '../../../lib/pipeline/endpoints/create.ts';
import type { SubscriptionStore } from '../../../lib/ports/subscription-store.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import type { Deployment } from '../cloud/deployment.ts';
import { inTurns } from './in-turns.ts';
import { ROOT, openTables } from './inside.ts';

const CREATED_AT_ONCE = 8;

/**
 * Makes endpoints as the API does, in four calls each rather than eleven: without its look at how many the tenant has, or
 * the job that would finish a creation that dies, and with one rise of each shard's number, at the end.
 * @param urlOf the address of the nth
 */
export async function createEndpoints(
  deployment: Pick<Deployment, 'outputs' | 'proxyUrl'>,
  tenantId: string,
  count: number,
  urlOf: (n: number) => string,
): Promise<void> {
  using tables = openTables(deployment);
  const client = createKmsClient({ endpoint: deployment.proxyUrl, ...ROOT });
  const [clock, random] = [systemClock, systemRandom];
  const dataKeys = new DynamoDataKeyStore(tables.config);
  const keyId = deployment.outputs.SecretsKeyArn ?? '';
  const secrets = createKmsSecretBox({ client, keyId, dataKeys, clock, random });
  const { tenants } = tables;
  const shards = new Set<number>();
  const subscriptions = instead<SubscriptionStore>(tables.subscriptions, {
    raiseShard: async (_, shard) => void shards.add(shard),
  });
  const endpoints = instead(tables.endpoints, { countOneMore: async () => 0 });
  const jobs = instead(tables.jobs, { createUnlessExists: async () => true, replaceIfStep: async () => true });
  const ports = { clock, random, log: new MemoryLog(), secrets, subscriptions, jobs, tenants, endpoints };
  await inTurns(count, CREATED_AT_ONCE, (n) => {
    const input = { url: urlOf(n), events: ['*'], dialect: 'standard', timeoutSeconds: 15 };
    return createEndpoint(ports, tenantId, input, count);
  });
  for (const shard of shards) await tables.subscriptions.raiseShard(tenantId, shard);
  client.destroy();
}

/** A store in which some calls do something else. */
function instead<Store extends object>(store: Store, others: Partial<Store>): Store {
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(others, name) ?? Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
