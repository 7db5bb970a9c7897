import * as fc from 'fast-check';
import { DIALECT_NAMES } from '../../../lib/dialects/index.ts';
import type { Route } from '../../../lib/api/route.ts';
import { keyIn } from '../over-http/caller.ts';
import { expectDocumented } from './answers.ts';
import { type Known, type Sent, requestsTo } from './requests.ts';

export interface Target {
  /** `http://host:port`, without a slash at the end. */
  url: string;
  /** A platform key with every scope. */
  apiKey: string;
}

/** The same requests each time, unless the environment says otherwise. A failure prints how to repeat it. */
const SEED = Number(process.env['POSTRIDER_FUZZ_SEED'] ?? 1);

/** Sends generated requests to an operation, and holds each answer to the document. */
export async function fuzz(target: Target, route: Route, runs: number, ms: number): Promise<void> {
  const known = await makeSomething(target, route);
  const property = fc.asyncProperty(requestsTo(route, known), async (sent) => {
    const response = await send(target, route.method, sent);
    expectDocumented(route, response, await response.text());
  });
  await fc.assert(property, { seed: SEED, numRuns: runs, interruptAfterTimeLimit: ms });
}

async function send({ url, apiKey }: Target, method: string, { path, headers, body }: Sent): Promise<Response> {
  const key = keyIn(path, apiKey);
  return fetch(url + path, { method, headers: { ...key, ...headers }, ...(body !== undefined && { body }) });
}

/**
 * Something of each kind, so that generated requests also reach what is there. A session only for the routes about sessions:
 * a tenant can have a hundred made a minute.
 */
async function makeSomething(target: Target, route: Route): Promise<Known> {
  const call = async (method: string, path: string, body?: object) => {
    const sent = { path, headers: { 'content-type': 'application/json' }, ...(body && { body: JSON.stringify(body) }) };
    const response = await send(target, method, sent);
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as { id: string; data: { id: string }[] };
  };
  const endpoint = { url: 'https://example.com/hooks', events: ['*'] };
  const made = await Promise.all([1, 2, 3].map(() => call('POST', '/v1/endpoints', endpoint)));
  const event = await call('POST', '/v1/events', { type: 'task.completed', data: { id: 1 } });
  const endpoints = made.map(({ id }) => id);
  await call('POST', `/v1/endpoints/${endpoints[1]}/pause`);
  await call('POST', `/v1/endpoints/${endpoints[2]}/disable`);
  const deliveries = await call('GET', `/v1/events/${event.id}/deliveries`);
  const job = await call('POST', `/v1/events/${event.id}/replay`);
  const sessions = route.path.startsWith('/v1/portal/')
    ? [await call('POST', '/v1/portal/sessions', { user: 'ada' })]
    : [];
  return {
    endpoints,
    events: [event.id],
    deliveries: deliveries.data.map(({ id }) => id),
    jobs: [job.id],
    portal: sessions.map(({ id }) => id),
    dialects: DIALECT_NAMES,
  };
}
