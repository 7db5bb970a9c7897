import './check-node.js';
import { Command } from 'commander';

interface Flags {
  api: string;
  key: string;
  tenant: string;
  receiverUrl?: string;
  wait: number;
}

// The API's responses; each step reads what it needs.
type Json = Record<string, unknown>;
interface Answer {
  status: number;
  body: Json;
}

const CALL_LIMIT_MS = 15_000;
const POLL_MS = 250;
/** Names that begin with `postrider.` are taken by operational events. */
const TYPE = 'smoke.checked';
const NEEDS_RECEIVER = 'needs --receiver-url, an https URL that responds 2xx to a POST';
const FINAL = new Set(['delivered', 'exhausted', 'abandoned']);

/** Runs one step after the other and prints a line for each. A failed step does not stop the others. */
class Steps {
  failed = 0;

  /** The step's result; undefined when it failed. */
  async run<T>(name: string, step: () => Promise<T>): Promise<T | undefined> {
    const start = performance.now();
    try {
      const result = await step();
      this.#print('ok', name, `${Math.round(performance.now() - start)} ms`);
      return result;
    } catch (error) {
      this.failed += 1;
      this.#print('FAILED', name, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  skip(name: string, why: string): void {
    this.#print('skipped', name, why);
  }

  #print(state: string, name: string, detail: string): void {
    console.log(`${state.padEnd(8)} ${name} (${detail})`);
  }
}

/** Calls the API. A response with another status than expected becomes an error that quotes it. */
function createCaller({ api, key, tenant }: Flags) {
  const base = api.replace(/\/+$/, '');
  return async (status: number, method: string, path: string, body?: unknown, headers = {}): Promise<Json> => {
    const answer = await call(`${base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        'postrider-tenant': tenant,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      signal: AbortSignal.timeout(CALL_LIMIT_MS),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (answer.status === status) return answer.body;
    throw new Error(`${method} ${path} responded ${answer.status} ${JSON.stringify(answer.body)}`);
  };
}

async function call(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init).catch((error: unknown) => {
    const { message, cause } = error as Error;
    throw new Error(`${url}: ${cause instanceof Error ? cause.message : message}`, { cause: error });
  });
  const text = await response.text();
  return { status: response.status, body: parse(text) };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text || '{}') as Json;
  } catch {
    return { text: text.slice(0, 200) };
  }
}

type Call = ReturnType<typeof createCaller>;

async function smoke(flags: Flags): Promise<void> {
  const call = createCaller(flags);
  const steps = new Steps();
  await steps.run('the service is up', () => call(200, 'GET', '/v1/health'));
  await steps.run('an unknown key is refused', () =>
    call(401, 'GET', '/v1/endpoints', undefined, { authorization: 'Bearer prk_unknown' }),
  );
  await steps.run('the key is good', () => call(200, 'GET', '/v1/endpoints'));
  const endpoint = await createEndpoint(steps, call, flags);
  const event = await postEvent(steps, call, endpoint !== undefined);
  if (endpoint) {
    if (event) await followDelivery(steps, call, event, flags.wait);
    await steps.run('the endpoint is deleted', () => call(204, 'DELETE', `/v1/endpoints/${endpoint}`));
  } else {
    steps.skip('the event is delivered', NEEDS_RECEIVER);
  }
  if (steps.failed > 0) process.exitCode = 1;
}

/** @returns its id */
async function createEndpoint(steps: Steps, call: Call, { receiverUrl }: Flags): Promise<string | undefined> {
  const name = 'an endpoint is created';
  if (receiverUrl === undefined) {
    steps.skip(name, NEEDS_RECEIVER);
    return undefined;
  }
  const body = { url: receiverUrl, events: [TYPE], label: 'smoke' };
  const endpoint = await steps.run(name, () => call(201, 'POST', '/v1/endpoints', body));
  return endpoint?.id as string | undefined;
}

/** @returns its id */
async function postEvent(steps: Steps, call: Call, goesOut: boolean): Promise<string | undefined> {
  const headers = { 'idempotency-key': `smoke-${crypto.randomUUID()}` };
  const post = () => call(202, 'POST', '/v1/events', { type: TYPE, data: { smoke: true } }, headers);
  const accepted = await steps.run('an event is accepted', async () => {
    const answer = await post();
    if (goesOut && answer.deliveries === 0) throw new Error('it matches no endpoint, not even the new one');
    return answer;
  });
  if (!accepted) return undefined;
  await steps.run('the same Idempotency-Key is the same event', async () => {
    const again = await post();
    if (again.id !== accepted.id) throw new Error(`${String(again.id)} instead of ${String(accepted.id)}`);
  });
  await steps.run('the history shows the event', () => call(200, 'GET', `/v1/events/${String(accepted.id)}`));
  return accepted.id as string;
}

async function followDelivery(steps: Steps, call: Call, event: string, waitSeconds: number): Promise<void> {
  await steps.run('the event is delivered', async () => {
    const end = Date.now() + waitSeconds * 1000;
    for (;;) {
      const { data } = await call(200, 'GET', `/v1/events/${event}/deliveries`);
      const [delivery] = data as Json[];
      if (delivery?.status === 'delivered') return;
      if (FINAL.has(String(delivery?.status)) || Date.now() > end) throw new Error(JSON.stringify(delivery));
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  });
}

await new Command('smoke')
  .description('Checks a running Postrider end to end. The exit code is 1 when a step fails.')
  .requiredOption('--api <url>', 'URL of the API: the stack’s output ApiUrl')
  .requiredOption('--key <key>', 'an API key with every scope: prk_…')
  .option('--tenant <id>', 'tenant to use; with a tenant’s key, that tenant', 'postrider-smoke')
  .option('--receiver-url <url>', 'receiver of a webhook: a public https URL that responds 2xx')
  .option('--wait <seconds>', 'how long the delivery may take', Number, 60)
  .allowExcessArguments(false)
  .action(smoke)
  .parseAsync();
