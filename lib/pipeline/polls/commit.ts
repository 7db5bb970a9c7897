import { RequestError, notFound } from '../../domain/errors.ts';
import type { PollConsumer } from '../../domain/poll-consumer.ts';
import type { PollPosition } from '../../domain/poll-position.ts';
import type { Endpoint } from '../../domain/endpoint.ts';
import type { Ports } from '../../ports/ports.ts';
import { openPollEndpoint, pollEndpoint } from './poll-endpoint.ts';
import { type SettlePorts, settle } from './settle.ts';

export type ConsumerPorts = SettlePorts & Pick<Ports, 'endpoints'>;

/** A commit reads all of them. */
const MAX_CONSUMERS = 20;
/** Rounds of {@link settle} in one call; the endpoint's job does the rest. */
const ROUNDS = 3;

/**
 * Notes how far a consumer has come, and ends the deliveries that it was the last to commit. A name that was not there is
 * added. A position from before is taken too: the consumer is then given what comes after it once more.
 * @throws RequestError `not-found`, `wrong-state`, `too-many-consumers`
 */
export async function commit(
  ports: ConsumerPorts,
  tenantId: string,
  endpointId: string,
  name: string,
  position: PollPosition,
): Promise<PollConsumer> {
  const endpoint = await openPollEndpoint(ports, tenantId, endpointId);
  const consumers = await ports.polls.consumers({ tenantId, endpointId });
  if (consumers.length >= MAX_CONSUMERS && !consumers.some((one) => one.name === name)) throw tooMany();
  const consumer = { tenantId, endpointId, name, position, committedAt: ports.clock.now() };
  await ports.polls.putConsumer(consumer);
  await settleSome(ports, endpoint);
  return consumer;
}

function tooMany(): RequestError {
  return new RequestError(
    'too-many-consumers',
    `An endpoint can have ${MAX_CONSUMERS} consumers. Remove one first, or use one of them.`,
  );
}

/** By name. @throws RequestError `not-found`, `wrong-state` */
export async function listConsumers(
  ports: Pick<Ports, 'endpoints' | 'polls'>,
  tenantId: string,
  endpointId: string,
): Promise<PollConsumer[]> {
  await pollEndpoint(ports, tenantId, endpointId);
  return ports.polls.consumers({ tenantId, endpointId });
}

/** No delivery waits for it any more. @throws RequestError `not-found`, `wrong-state` */
export async function removeConsumer(
  ports: ConsumerPorts,
  tenantId: string,
  endpointId: string,
  name: string,
): Promise<void> {
  const endpoint = await pollEndpoint(ports, tenantId, endpointId);
  if (!(await ports.polls.removeConsumer({ tenantId, endpointId }, name))) throw notFound('consumer');
  await settleSome(ports, endpoint);
}

async function settleSome(ports: SettlePorts, endpoint: Endpoint): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { more } = await settle(ports, endpoint);
    if (!more) return;
  }
}
