import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceOf } from '../../../lib/api/sources/read-message.ts';
import { readSourceFields } from '../../../lib/api/sources/source-fields.ts';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import type { Ingest, IngestRequest } from '../../../lib/pipeline/ingest/ingest.ts';
import { type Source, type SourceMessage, createTakeIn } from '../../../lib/pipeline/sources/take-in.ts';
import type { RefusedMessage } from '../../../lib/ports/refused-messages.ts';
import { isLong } from '../../support/extent.ts';
import { type Interceptor, Life, intercept } from '../../support/fault-injection.ts';
import { SeededRandom } from '../../support/seeded-random.ts';
import { Process, TENANT, World } from '../../support/world.ts';

const RUNS = isLong ? 300 : 25;
/** Calls fail in the first ones; the last ones are quiet. */
const [TROUBLED, ROUNDS] = [4, 6];
/** The share of those that are done with that comes again, in each round. */
const AGAIN = 0.25;

const DECLARATIONS = [
  undefined,
  [
    { name: 'tenant_id', value: TENANT },
    { name: 'type', from: 'kind', values: { Paid: 'invoice.paid' } },
    { name: 'data', from: '.' },
  ],
  [
    { name: 'tenant_id', from: 'tenant_id' },
    { name: 'type', from: 'type' },
    { name: 'data', from: 'data.0.deep' },
    { name: 'project', fields: [{ name: 'id', from: 'data' }] },
    { name: 'idempotency_key', from: 'data.id' },
  ],
].map((fields) => fields && readSourceFields(fields));

const event = fc.record(
  {
    tenant_id: fc.constantFrom<unknown>(TENANT, 'org_other', '', 7, null),
    type: fc.constantFrom<unknown>('a.b', 'no type!', '', 'postrider.endpoint.paused', 1),
    kind: fc.constantFrom<unknown>('Paid', 'a.b', {}, null),
    data: fc.jsonValue(),
    idempotency_key: fc.constantFrom<unknown>('one', 'two', '', 'x'.repeat(300)),
    extra: fc.jsonValue(),
  },
  { requiredKeys: ['type'] },
);
const good = fc.jsonValue().map((data) => ({ tenant_id: TENANT, type: 'a.b', kind: 'Paid', data }));
const anyBody: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  { weight: 4, arbitrary: good.map((value) => JSON.stringify(value)) },
  { weight: 4, arbitrary: event.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string() },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc.constant(`{"tenant_id":"${TENANT}","type":"a.b","data":${'['.repeat(200)}${']'.repeat(200)}}`),
  },
);

/** Ingest, and the ids of the events that each key led to. */
function noting({ batch }: Pick<Ingest, 'batch'>) {
  const ids = new Map<string, Set<string>>();
  const noted = async (requests: readonly IngestRequest[]) => {
    const results = await batch(requests);
    for (const [index, result] of results.entries()) {
      const key = requests[index]?.idempotencyKey ?? '';
      if ('id' in result) ids.set(key, (ids.get(key) ?? new Set<string>()).add(result.id));
    }
    return results;
  };
  return { ids, batch: noted as Ingest['batch'] };
}

function failing(random: SeededRandom, isTroubled: () => boolean): Interceptor {
  return (_, run) => {
    if (!isTroubled() || random.fraction() > 0.1) return run();
    throw random.fraction() < 0.5 ? new ServiceFault('a service refused') : new TypeError('a mistake of ours');
  };
}

interface Case {
  bodies: (string | Uint8Array)[];
  source: Source;
  seed: number;
}

/** Receives messages until none is left, and some again that were done with. */
async function play({ bodies, source, seed }: Case) {
  using world = new World(seed);
  await world.endpointAnswering(200);
  const random = new SeededRandom(seed);
  let round = 1;
  const ports = intercept(
    world.ports,
    failing(random, () => round <= TROUBLED),
  );
  const { ids, batch } = noting(new Process(ports, new Life(), world.settings).ingest);
  const refused = new Map<string, RefusedMessage>();
  const put = async (one: RefusedMessage) => void refused.set(one.messageId, one);
  const takeIn = createTakeIn({ log: world.log, refused: { put } }, { batch });
  const left = new Map(bodies.map((body, n) => [`m${n}`, body]));
  const all = [...left];
  for (; round <= ROUNDS; round += 1) {
    const received = all.filter(([id]) => left.has(id) || random.fraction() < AGAIN);
    const back = await takeIn(
      source,
      received.map(([id, body]): SourceMessage => ({ id, body, receiveCount: round })),
    );
    for (const [id, body] of received) if (back.includes(id)) left.set(id, body);
    for (const [id] of received) if (!back.includes(id)) left.delete(id);
  }
  return { left: [...left.keys()], ids, refused, all };
}

function expectRefused(one: RefusedMessage, body: string | Uint8Array): void {
  expect(one.code).toMatch(/^[a-z0-9-]+$/);
  expect(one.why.length).toBeGreaterThan(5);
  expect(one.body).toBe(typeof body === 'string' ? body : new TextDecoder().decode(body));
}

test('whatever a source sends is one event, or is refused with its reason, however often it comes and whatever fails', async () => {
  const property = fc.asyncProperty(
    fc.array(anyBody, { minLength: 1, maxLength: 10 }),
    fc.constantFrom(...DECLARATIONS),
    fc.nat(),
    async (bodies, fields, seed) => {
      const source = sourceOf('orders', fields);
      const { left, ids, refused, all } = await play({ bodies, source, seed });
      expect(left).toEqual([]);
      for (const found of ids.values()) expect(found.size).toBe(1);
      for (const [id, body] of all) {
        const one = refused.get(id);
        if (one) expectRefused(one, body);
        else expect([...ids.keys()]).toContain(source.read({ id, body, receiveCount: 1 }).idempotencyKey);
      }
    },
  );
  await fc.assert(property, { seed: 1, numRuns: RUNS });
});
