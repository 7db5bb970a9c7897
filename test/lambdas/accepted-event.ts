import type { Deployment } from '../../lambdas/runtime/deployment.ts';
import { openStore } from '../../lambdas/runtime/dynamo-store.ts';
import { openSecretBox } from '../../lambdas/runtime/kms-secrets.ts';
import type { Endpoint } from '../../lib/domain/endpoint.ts';
import { sealSecret } from '../../lib/pipeline/delivery/secrets.ts';
import { RecordMaker } from '../support/records.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const SECRET = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;

/** An event in the tables, with one endpoint; gives what the message of its delivery says. */
export async function acceptedEvent(deployment: Deployment, changes: Partial<Endpoint>) {
  const { endpoints, events } = openStore(deployment, 'config', 'log');
  const now = deployment.clock.now();
  const records = new RecordMaker(new VirtualClock(now));
  const { headers: _, ...draft } = records.endpoint(changes);
  const secrets = [await sealSecret(openSecretBox(deployment), draft, SECRET, now)];
  const endpoint = { ...draft, secrets };
  await endpoints.createUnlessExists(endpoint);
  const event = records.event({ endpointIds: [endpoint.id] });
  await events.putUnlessExists(event);
  const pointer = { tenantId: event.tenantId, endpointId: endpoint.id, eventId: event.id, ordinal: 0, epoch: 0 };
  return { event, endpoint, pointer };
}
