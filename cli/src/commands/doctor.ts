import { headersOf } from '../../../sdk/src/answers.ts';
import { isApiError } from '../../../sdk/src/errors.ts';
import type { Postrider } from '../../../sdk/src/postrider.ts';
import { verify } from '../../../sdk/src/receive/verify.ts';
import { checkKey } from '../access/check-key.ts';
import { isReadableByOthers, profilesFile } from '../access/profiles.ts';
import { type AddCommands, type Context, accessOf, clientOf } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { Skipped, Steps } from './steps.ts';

/** Receivers refuse requests whose time is farther off: the tolerance of Standard Webhooks' libraries, in seconds. */
const TOLERANCE_SECONDS = 300;
/** More than a network takes, and the whole seconds of a `Date` header. */
const CLOCK_SECONDS = 30;

export const addDoctor: AddCommands = (program, contextFor) => {
  const command = program
    .command('doctor')
    .description('Checks the key, the clock, the way to the service and a signature, and says what to mend.')
    .helpGroup('This machine:')
    .action(() => examine(contextFor(command)));
};

async function examine(context: Context): Promise<void> {
  const { signal } = context.terminal;
  const steps = new Steps(context);
  const access = await steps.run(
    'a service and a key are known',
    async () => accessOf(context),
    ({ url, keyFrom }) => `${url}, by ${keyFrom}`,
  );
  if (access) {
    const client = clientOf(context);
    if (access.keyFrom.startsWith('the profile'))
      await steps.run('only you can read the key', () => checkMode(context));
    const health = await steps.run('the service answers', () => client.service.health({ signal, retries: 0 }));
    if (health) await furtherSteps(steps, context, client, health);
    else for (const name of ['the clocks agree', 'the key is good', 'a signature is verified']) skip(steps, name);
  }
  steps.end();
}

const skip = (steps: Steps, name: string) => steps.skip(name, 'needs an answer of the service');

async function furtherSteps(steps: Steps, context: Context, client: Postrider, health: object): Promise<void> {
  const { signal, now } = context.terminal;
  await steps.run('the clocks agree', async () => clockError(health, now()), offBy);
  await steps.run('the key is good', () => checkKey(client, signal));
  await steps.run(
    'a signature is verified',
    async () => {
      const sample = client.dialects.preview('standard', {}, { signal });
      const { headers, body, signing_secret: secret = '' } = await sample.catch(unlessForbidden);
      return verify({ headers, body }, secret, { now: now(), tolerance: TOLERANCE_SECONDS });
    },
    ({ type }) => `a sample ${type}, signed by the service and verified here`,
  );
}

/** @throws Skipped where the key may not ask */
function unlessForbidden(error: unknown): never {
  throw isApiError(error, 'missing-scope') ? new Skipped('the key may not ask for a sample: endpoints:read') : error;
}

async function checkMode({ terminal: { env } }: Context): Promise<void> {
  if (!isReadableByOthers(env)) return;
  throw new Refusal(`Others can read ${profilesFile(env)}: run chmod 600 on it.`);
}

/** How many seconds this clock is ahead of the service's. @throws Refusal when that is too much */
function clockError(answer: object, now: number): number {
  const date = Date.parse(headersOf(answer)?.get('date') ?? '');
  if (Number.isNaN(date))
    throw new Refusal('The answer has no Date header: something between here and there takes it off.');
  const seconds = Math.round((now - date) / 1000);
  if (Math.abs(seconds) <= CLOCK_SECONDS) return seconds;
  throw new Refusal(`This clock is ${offBy(seconds)}: set it by NTP, or signatures are refused as too old or too new.`);
}

function offBy(seconds: number): string {
  return `${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} the service`;
}
