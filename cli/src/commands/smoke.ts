import type { Postrider } from '../../../sdk/src/postrider.ts';
import { ApiError } from '../../../sdk/src/errors.ts';
import { pause } from '../../../sdk/src/retries.ts';
import { type AddCommands, type Context, clientOf } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { deleteEndpoint } from '../listen/own-endpoint.ts';
import { aliased, withAliases } from '../access/aliases.ts';
import { Steps } from './steps.ts';

interface Flags {
  receiverUrl?: string;
  wait: string;
}

const POLL_MS = 250;
const TYPE = 'smoke.checked';
/** Whose data the checks make, so that they are in nobody's way. */
const TENANT = 'postrider-smoke';
const NEEDS_RECEIVER = 'needs --receiver-url, an https URL that responds 2xx to a POST';
const FINAL: ReadonlySet<string> = new Set(['delivered', 'exhausted', 'abandoned']);

export const addSmoke: AddCommands = (program, contextFor) => {
  const command = withAliases(program.command('smoke'))
    .description('Checks a running Postrider end to end, and ends with 1 when a step fails.')
    .helpGroup('A deployment:')
    .option('--receiver-url <url>', 'receiver of a webhook: a public https URL that responds 2xx')
    .option('--wait <seconds>', 'how long the delivery may take', '60')
    .addHelpText('after', `\nIt makes what it needs for the tenant ${TENANT}, or that of --tenant.`)
    .action((flags: Flags) => smoke(aliased(contextFor(command), command), flags));
};

async function smoke(given: Context, { receiverUrl, wait }: Flags): Promise<void> {
  const seconds = Number(wait);
  if (!(seconds >= 0)) throw new Refusal('--wait must be a number of seconds.');
  const context = { ...given, flags: { ...given.flags, tenant: given.flags.tenant ?? TENANT } };
  const { signal } = context.terminal;
  const client = clientOf(context);
  const once = { signal, retries: 0 };
  const steps = new Steps(context);
  await steps.run('the service is up', () => client.service.health(once));
  await steps.run('an unknown key is refused', () => refused(withKey(context, 'prk_unknown'), once));
  await steps.run('the key is good', () => client.endpoints.list({}, once).page());
  const endpoint = await createEndpoint(steps, client, receiverUrl, signal);
  try {
    const event = await postEvent(steps, client, endpoint !== undefined, signal);
    if (endpoint === undefined) steps.skip('the event is delivered', NEEDS_RECEIVER);
    else if (event !== undefined) await followDelivery(steps, client, event, seconds, signal);
  } catch (error) {
    // Nothing is thrown but for Ctrl-C.
    if (endpoint !== undefined) await deleteEndpoint(client, endpoint);
    throw error;
  }
  if (endpoint !== undefined)
    await steps.run('the endpoint is deleted', () => client.endpoints.delete(endpoint, { signal }));
  steps.end();
}

function withKey(context: Context, apiKey: string): Postrider {
  return clientOf({ ...context, flags: { ...context.flags, apiKey } });
}

async function refused(client: Postrider, options: { signal: AbortSignal; retries: number }): Promise<void> {
  const answer = await client.endpoints
    .list({}, options)
    .page()
    .catch((error: unknown) => error);
  if (answer instanceof ApiError && answer.status === 401) return;
  throw answer instanceof Error && !(answer instanceof ApiError) ? answer : new Error('it was not refused');
}

/** @returns its id */
async function createEndpoint(
  steps: Steps,
  client: Postrider,
  url: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const name = 'an endpoint is created';
  if (url === undefined) {
    steps.skip(name, NEEDS_RECEIVER);
    return undefined;
  }
  const about = { url, events: [TYPE], label: 'smoke' };
  return (await steps.run(name, () => client.endpoints.create(about, { signal })))?.id;
}

/** @returns its id */
async function postEvent(
  steps: Steps,
  client: Postrider,
  goesOut: boolean,
  signal: AbortSignal,
): Promise<string | undefined> {
  const options = { signal, retries: 0, idempotencyKey: `smoke-${crypto.randomUUID()}` };
  const post = () => client.events.post({ type: TYPE, data: { smoke: true } }, options);
  const accepted = await steps.run('an event is accepted', async () => {
    const answer = await post();
    if (goesOut && answer.deliveries === 0) throw new Error('it matches no endpoint, not even the new one');
    return answer;
  });
  if (!accepted) return undefined;
  await steps.run('the same Idempotency-Key is the same event', async () => {
    const { id } = await post();
    if (id !== accepted.id) throw new Error(`${id} instead of ${accepted.id}`);
  });
  await steps.run('the history shows the event', () => client.events.get(accepted.id, { signal }));
  return accepted.id;
}

async function followDelivery(
  steps: Steps,
  client: Postrider,
  event: string,
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  await steps.run('the event is delivered', async () => {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const [delivery] = (await client.events.deliveries(event, {}, { signal }).page()).data;
      if (delivery?.status === 'delivered') return;
      if ((delivery && FINAL.has(delivery.status)) || Date.now() > end) throw new Error(JSON.stringify(delivery));
      await pause(POLL_MS, signal);
    }
  });
}
