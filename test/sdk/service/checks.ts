import { ConnectionError, type Event, Postrider, TimeoutError, headersOf, isApiError } from '@postrider/sdk';
import { type DialectName, VerificationError, fetchHandler, seenInMemory, verify } from '@postrider/sdk/receive';
import { newKeyPair, newSecret, signedMessage, signedRequest } from '@postrider/sdk/receive/testing';

// What the SDK does with a real service, as plain functions: they run in any JavaScript, and import nothing of Node.

export interface CheckPlace {
  baseUrl: string;
  /** Of the platform. */
  apiKey: string;
  /** A customer's server (customer.ts) that shows what it got. */
  customerUrl: string;
}

/** A request that the customer's server got. */
export interface Arrival {
  headers: Record<string, string>;
  body: string;
}

interface Check {
  promise: string;
  run(place: CheckPlace): Promise<void>;
}

let tenants = 0;

/** A client of a tenant of its own. */
function clientOf({ baseUrl, apiKey }: CheckPlace): Postrider {
  tenants += 1;
  return new Postrider({ apiKey, baseUrl, tenant: `sdk-${tenants}-${crypto.randomUUID()}` });
}

function same(got: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: ${a} instead of ${b}`);
}

function holds(condition: boolean, what: string): void {
  if (!condition) throw new Error(`It does not hold that ${what}.`);
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  const answer = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  return answer ?? new Error('The call did not fail.');
}

/** Asks until there is an answer, for ten seconds. */
async function eventually<T>(ask: () => Promise<T | undefined>, what: string): Promise<T> {
  for (let tries = 0; tries < 200; tries += 1) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Within ten seconds there was not ${what}.`);
}

async function arrivalsAt(url: string): Promise<Arrival[]> {
  const response = await fetch(url);
  return (await response.json()) as Arrival[];
}

const EVENT = { type: 'task.completed', data: { title: 'Grüße 😀', n: 1 } };

async function verifiesDialect(place: CheckPlace, dialect: DialectName): Promise<void> {
  const client = clientOf(place);
  const url = `${place.customerUrl}/${dialect}-${crypto.randomUUID()}`;
  const secret = newSecret();
  await client.endpoints.create({ url, events: ['*'], dialect, signing_secret: secret });
  await client.events.post(EVENT);
  const [arrival] = await eventually(async () => {
    const arrivals = await arrivalsAt(url);
    return arrivals.length > 0 ? arrivals : undefined;
  }, 'a request');
  if (!arrival) throw new Error('unreachable');
  const webhook = await verify(arrival, [newSecret(), secret], { dialect, url });
  same([webhook.type, webhook.data], [EVENT.type, EVENT.data], 'the webhook');
  const forged = await failureOf(verify(arrival, newSecret(), { dialect, url }));
  holds(forged instanceof VerificationError && forged.code === 'wrong-signature', 'another secret verifies nothing');
}

const DIALECTS: readonly DialectName[] = ['standard', 'vem', 'veriswarm', 'vellum', 'ventryx'];

export const checks: readonly Check[] = [
  ...DIALECTS.map((dialect) => ({
    promise: `an event that is posted arrives, and is verified in the dialect ${dialect}`,
    run: (place: CheckPlace) => verifiesDialect(place, dialect),
  })),
  {
    promise: 'an asymmetric signature is verified with the endpoint’s public key',
    async run(place) {
      const client = clientOf(place);
      const url = `${place.customerUrl}/v1a-${crypto.randomUUID()}`;
      const { id } = await client.endpoints.create({ url, events: ['*'], asymmetric_signing: true });
      const { public_key: publicKey } = await client.endpoints.publicKey(id);
      await client.events.post(EVENT);
      const arrival = await eventually(async () => (await arrivalsAt(url))[0], 'a request');
      const webhook = await verify(arrival, publicKey);
      same(webhook.data, EVENT.data, 'the data');
      const { publicKey: foreign } = await newKeyPair();
      holds((await failureOf(verify(arrival, foreign))) instanceof VerificationError, 'another key verifies nothing');
    },
  },
  {
    promise: 'a list is read over all its pages',
    async run(place) {
      const client = clientOf(place);
      const posted = [];
      for (let n = 0; n < 5; n += 1) posted.push((await client.events.post({ ...EVENT, data: n })).id);
      const listed: Event[] = [];
      for await (const event of client.events.list({ limit: 2 })) listed.push(event);
      same(listed.map(({ id }) => id).toSorted(), posted.toSorted(), 'the events');
      same((await client.events.list({ limit: 2 }).page()).data.length, 2, 'the rows of a page');
    },
  },
  {
    promise: 'an idempotency key makes two posts one event, and is refused for another',
    async run(place) {
      const client = clientOf(place);
      const key = { idempotencyKey: 'order-4711' };
      const { id } = await client.events.post(EVENT, key);
      same((await client.events.post(EVENT, key)).id, id, 'the event');
      const error = await failureOf(client.events.post({ ...EVENT, data: 2 }, key));
      holds(isApiError(error, 'idempotency-conflict') && error.status === 409, 'another event is a conflict');
    },
  },
  {
    promise: 'a call that got no answer and two failures is made again under the same key',
    async run(place) {
      const url = `${place.customerUrl}/flaky-${crypto.randomUUID()}`;
      const flaky = new Postrider({ apiKey: place.apiKey, baseUrl: url });
      const accepted = await flaky.events.post(EVENT);
      same(accepted.id, 'evt_flaky', 'the event');
      const arrivals = await arrivalsAt(`${url}/v1/events`);
      same(arrivals.length, 4, 'the requests');
      const keys = new Set(arrivals.map(({ headers }) => headers['idempotency-key']));
      same([keys.size, [...keys][0]?.length], [1, 36], 'the keys');
    },
  },
  {
    promise: 'refusals have their code, their fields and the id of the request',
    async run(place) {
      const client = clientOf(place);
      const missing = await failureOf(client.endpoints.get('ep_01KGS4R6M2Z9Q3V8X7T5N1C0HB'));
      holds(isApiError(missing, 'not-found') && missing.status === 404, 'an unknown id is not found');
      const invalid = await failureOf(
        client.endpoints.create({ url: 'nowhere', events: ['*'] }, { requestId: 'sdk-check-1' }),
      );
      if (!isApiError(invalid, 'invalid-request')) throw new Error(`It was ${String(invalid)}.`);
      same([invalid.fields[0]?.field, invalid.requestId], ['url', 'sdk-check-1'], 'the field and the request');
      const stranger = new Postrider({ apiKey: 'prk_nobody', baseUrl: place.baseUrl });
      holds(isApiError(await failureOf(stranger.events.post(EVENT)), 'unauthorized'), 'an unknown key is refused');
    },
  },
  {
    promise: '250 events are posted in three calls, and each has its own result',
    async run(place) {
      const client = clientOf(place);
      const events = Array.from({ length: 250 }, (_, n) => ({ type: n === 120 ? 'no type' : 'a.b', data: { n } }));
      const outcomes = [];
      for await (const outcome of client.events.postAll(events)) outcomes.push(outcome);
      same(outcomes.filter(({ accepted }) => accepted).length, 249, 'how many were accepted');
      holds(isApiError(outcomes[120]?.error, 'invalid-request'), 'the one without a type was refused');
      same((await client.events.list().take(300)).length, 249, 'how many are stored');
    },
  },
  {
    promise: 'what is posted one by one is sent together',
    async run(place) {
      const client = clientOf(place);
      const batcher = client.events.batcher();
      const posts = Array.from({ length: 30 }, (_, n) => batcher.post({ type: 'a.b', data: { n } }));
      await batcher.flush();
      const ids = (await Promise.all(posts)).map(({ id }) => id);
      same(new Set(ids).size, 30, 'the events');
      const newest = await client.events.get(ids[29] ?? '');
      same(newest.data, { n: 29 }, 'the data of the last');
    },
  },
  {
    promise: 'a replay is a job that can be waited for',
    async run(place) {
      const client = clientOf(place);
      const url = `${place.customerUrl}/replay-${crypto.randomUUID()}`;
      const { id } = await client.events.post(EVENT);
      const endpoint = await client.endpoints.create({ url, events: ['*'] });
      const job = await client.events.replay(id, { endpoint_ids: [endpoint.id] });
      const ended = await client.jobs.wait(job.id, { within: 20_000 });
      same([ended.status, ended.processed], ['done', 1], 'the job');
      await eventually(async () => (await arrivalsAt(url))[0], 'a request');
    },
  },
  {
    promise: 'a failed delivery is retried by hand',
    async run(place) {
      const client = clientOf(place);
      const url = `${place.customerUrl}/once-${crypto.randomUUID()}`;
      await client.endpoints.create({ url, events: ['*'], retry: { delays: [3600] } });
      const { id } = await client.events.post(EVENT);
      const failed = await eventually(
        async () => (await client.events.deliveries(id).take(1)).find(({ status }) => status === 'retrying'),
        'a delivery that waits',
      );
      same((await client.deliveries.get(failed.id)).attempts.length, 1, 'the attempts');
      await client.deliveries.retry(failed.id);
      await eventually(
        async () => (await client.deliveries.list({ status: 'delivered' }).take(1))[0],
        'a delivery that succeeded',
      );
    },
  },
  {
    promise: 'a change of an endpoint that somebody else has changed is refused',
    async run(place) {
      const client = clientOf(place);
      const { id } = await client.endpoints.create({ url: `${place.customerUrl}/etag`, events: ['*'] });
      const read = await client.endpoints.get(id);
      const ifMatch = headersOf(read)?.get('etag') ?? '';
      await client.endpoints.update(id, { label: 'mine' }, { ifMatch });
      const error = await failureOf(client.endpoints.update(id, { label: 'yours' }, { ifMatch }));
      holds(isApiError(error, 'precondition-failed'), 'the second is refused');
      await client.endpoints.delete(id);
      holds(isApiError(await failureOf(client.endpoints.get(id)), 'not-found'), 'it is gone');
    },
  },
  {
    promise: 'a tenant may have any name',
    async run(place) {
      const platform = new Postrider({ apiKey: place.apiKey, baseUrl: place.baseUrl });
      const name = ` müller|100% & söhne ${crypto.randomUUID()}`;
      const { id } = await platform.tenant(name).events.post(EVENT);
      same((await platform.tenant(name).events.get(id)).tenant_id, name, 'the tenant');
      holds(isApiError(await failureOf(platform.tenant('other').events.get(id)), 'not-found'), 'it is nobody else’s');
    },
  },
  {
    promise: 'a server that does not answer, or is not there, is an error in time',
    async run(place) {
      const options = { apiKey: place.apiKey, timeout: 200, retries: 0 };
      const silent = new Postrider({ ...options, baseUrl: `${place.customerUrl}/silent` });
      holds((await failureOf(silent.service.health())) instanceof TimeoutError, 'silence is a timeout');
      const reason = new Error('enough');
      const end = new AbortController();
      const call = failureOf(silent.service.health({ signal: end.signal, timeout: 60_000 }));
      setTimeout(() => end.abort(reason), 50);
      holds((await call) === reason, 'an abort has the caller’s reason');
      const nowhere = new Postrider({ ...options, timeout: 5000, baseUrl: 'http://127.0.0.1:1' });
      holds((await failureOf(nowhere.service.health())) instanceof ConnectionError, 'nobody listens on port 1');
    },
  },
  {
    promise: 'a Fetch handler takes signed requests once each, and refuses others',
    async run() {
      const secret = newSecret();
      const got: string[] = [];
      const handle = fetchHandler({ secrets: secret, seen: seenInMemory() }, ({ id }) => got.push(id));
      const { url, ...init } = await signedMessage({ ...EVENT, id: 'msg_1' }, { secret });
      const statuses = [];
      for (const request of [
        new Request(url, init),
        new Request(url, init),
        await signedRequest(EVENT, { secret: newSecret() }),
      ]) {
        const { status } = await handle(request);
        statuses.push(status);
      }
      same([statuses, got], [[204, 204, 401], ['msg_1']], 'the answers');
    },
  },
  {
    promise: 'a consumer gets each delivery, verified, and after a loop that was left, what it had not committed',
    async run(place) {
      const client = clientOf(place);
      const { id, signing_secret: secret } = await client.endpoints.create({ kind: 'poll', events: ['*'] });
      const consumed = async (count: number) => {
        const ids: string[] = [];
        const seen = client.polls.consume(id, { consumer: 'worker', limit: 2 });
        for await (const webhook of seen) {
          await verify(webhook, secret);
          ids.push(webhook.event_id);
          if (ids.length === count) break;
        }
        return ids;
      };
      await client.polls.commit(id, 'worker', { from: 'now' });
      const posted: string[] = [];
      for (let n = 0; n < 5; n += 1)
        posted.push((await client.events.post({ type: 'task.completed', data: { n } })).id);
      // Two are committed when the third is asked for; it is given, and left with the loop.
      const first = await consumed(3);
      const rest = await consumed(3);
      same([...new Set([...first, ...rest])].toSorted(), posted.toSorted(), 'what the two loops got');
      holds(rest.includes(first[2] as string), 'what was not committed comes again');
      same(
        (await client.polls.consumers(id).page()).data.map(({ name }) => name),
        ['worker'],
        'the consumers',
      );
      await client.polls.remove(id, 'worker');
    },
  },
];
