import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { type Rotation, type SecretUse, rotateSecret } from '../../lib/pipeline/endpoints/rotate-secret.ts';
import type { Endpoint } from '../../lib/domain/endpoint.ts';
import type { Received } from '../support/customers.ts';
import type { CrashPlan, PortCall } from '../support/fault-injection.ts';
import { TENANT, type World } from '../support/world.ts';
import { type Backend, inWorld } from './backend.ts';

const OLD = `whsec_${Buffer.from('the old secret, of many bytes').toString('base64')}`;
const NEW = `whsec_${Buffer.from('the new secret, of many bytes').toString('base64')}`;

/** Each ends the old secret at once, so that a request is signed with one of the two. */
const ROTATIONS: readonly [SecretUse, Rotation][] = [
  ['signing', { use: 'signing', own: NEW, overlapMs: 0 }],
  ['asymmetric', { use: 'asymmetric', overlapMs: 0 }],
];

const open = (world: World) => world.endpointAnswering(200, { signingSecret: OLD, asymmetricSigning: true });

/** How many `v1` and `v1a` signatures a request has, and which secrets its `v1` are of. */
function signatures({ headers, body }: Received): { of: string[]; counts: [number, number] } {
  const { 'webhook-id': id = '', 'webhook-timestamp': timestamp, 'webhook-signature': signed = '' } = headers;
  const parts = signed.split(' ');
  const at = new Date(Number(timestamp) * 1000);
  const of = [OLD, NEW].filter((secret) => parts.includes(new Webhook(secret).sign(id, at, body)));
  return { of, counts: [count(parts, 'v1,'), count(parts, 'v1a,')] };
}

function count(parts: readonly string[], prefix: string): number {
  return parts.filter((part) => part.startsWith(prefix)).length;
}

/** A process dies in its rotation, and nobody repeats that; then an event comes. */
function rotateOnce(backend: Backend, rotation: Rotation, plan?: CrashPlan): Promise<PortCall[]> {
  return inWorld(backend, {}, async (world) => {
    const { id, url } = await open(world);
    const process = world.process(plan);
    const rotating = rotateSecret(process.ports, TENANT, id, rotation);
    await (plan ? expect(rotating).rejects.toThrow() : rotating);
    const other = world.process();
    await other.ingest(world.request());
    await world.drain(other);
    const [request, ...more] = world.customers.at(url);
    expect(more).toEqual([]);
    const { of, counts } = signatures(request as Received);
    expect([of.length, counts]).toEqual([1, [1, 1]]);
    return process.life.calls;
  });
}

/** The rotation is made while an event is on its way, before or after a call of the process that sends it. */
function rotateAmid(backend: Backend, rotation: Rotation, index: number, moment: 'before' | 'after'): Promise<number> {
  return inWorld(backend, {}, async (world) => {
    const { id, url } = await open(world);
    let calls = 0;
    const rotate = async () => void (await rotateSecret(world.ports, TENANT, id, rotation));
    const process = world.process(undefined, async (call, run) => {
      calls += 1;
      if (call.index !== index) return run();
      if (moment === 'before') await rotate();
      const answer = await run();
      if (moment === 'after') await rotate();
      return answer;
    });
    await process.ingest(world.request());
    await world.drain(process);
    const requests = world.customers.at(url).map(signatures);
    expect(requests.map(({ of, counts }) => [of.length, counts])).toEqual([[1, [1, 1]]]);
    const after: Endpoint | undefined = await world.store.endpoints.get(TENANT, id);
    expect(after?.secretsRevision).toBe(1);
    return calls;
  });
}

export function describeRotations(backend: Backend): void {
  const options = { timeout: backend.timeoutMs };

  describe.each(ROTATIONS)('a rotation of the %s secret', (_, rotation) => {
    test('that dies at any port call leaves the old secret or the new one signing, never none', options, async () => {
      const calls = await rotateOnce(backend, rotation);
      expect(calls.length).toBeGreaterThan(2);
      for (const { index, port, method } of calls) {
        for (const moment of ['before', 'after'] as const) {
          try {
            await rotateOnce(backend, rotation, { index, moment });
          } catch (cause) {
            throw new Error(`dead ${moment} call ${index}, ${port}.${method}`, { cause });
          }
        }
      }
    });

    test('at any moment of a delivery leaves its request signed, with the old or the new', options, async () => {
      const calls = await rotateAmid(backend, rotation, 0, 'before');
      expect(calls).toBeGreaterThan(5);
      for (let index = 1; index < calls; index += 1) {
        for (const moment of ['before', 'after'] as const) await rotateAmid(backend, rotation, index, moment);
      }
    });
  });
}
