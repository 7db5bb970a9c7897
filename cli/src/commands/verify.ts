import { Option } from 'commander';
import { type DialectName, dialects } from '../../../sdk/src/receive/dialects.ts';
import { VerificationError } from '../../../sdk/src/receive/verification-error.ts';
import { type VerifyOptions, type Webhook, verify } from '../../../sdk/src/receive/verify.ts';
import { collected, readFile } from '../api/values.ts';
import { type AddCommands, type Context, note } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { writeOne } from '../output/write.ts';
import { type Terminal, readInput } from '../terminal/terminal.ts';
import { type SavedRequest, readRequest } from './saved-request.ts';

interface Flags {
  secret?: string[];
  dialect: DialectName;
  alsoStandard?: true;
  url?: string;
  tolerance?: string;
  anyAge?: true;
}

const HOW = `
The file is a request as a server saw it: its lines as HTTP has them, or JSON of
{"headers": {…}, "body": "…"}. The body has to be what came, byte for byte.
The exit code is 1 where it is not genuine, or too old.`;

export const addVerify: AddCommands = (program, contextFor) => {
  const command = program
    .command('verify')
    .description('Says whether a saved request is a genuine webhook, and if not, why.')
    .helpGroup('Every day:')
    .argument('<file>', 'the request; - for stdin')
    .option('--secret <secrets>', 'of the endpoint; whpk_… verifies v1a; default: POSTRIDER_SECRET', collected)
    .addOption(new Option('--dialect <name>', 'of the endpoint').choices(Object.keys(dialects)).default('standard'))
    .option('--also-standard', 'verify the headers of Standard Webhooks beside those of the dialect')
    .option('--url <url>', 'of the endpoint, as it was registered: for a dialect that signs it')
    .option('--tolerance <seconds>', 'how old it may be; default: as the dialect says')
    .option('--any-age', 'however old it is: for a request that was saved long ago')
    .addHelpText('after', HOW)
    .action((file: string, flags: Flags) => check(contextFor(command), file, flags));
};

async function check(context: Context, file: string, flags: Flags): Promise<void> {
  const { terminal } = context;
  const bytes = file === '-' ? await readInput(terminal) : readFile('verify', file, terminal);
  const request = readRequest(bytes);
  const webhook = await verified(context, request, secretsOf(flags, terminal), optionsOf(flags, terminal));
  const { id, type, timestamp, data, payload } = webhook;
  const when = timestamp.toISOString();
  writeOne(context, { genuine: 'yes', id, type, timestamp: when, data }, { id, type, timestamp: when, payload });
}

/** An editor may have added a line end to the body, which no sender of JSON writes: then it is left off. */
async function verified(
  context: Context,
  request: SavedRequest,
  secrets: readonly string[],
  options: VerifyOptions,
): Promise<Webhook> {
  try {
    return await verify(request, secrets, options);
  } catch (error) {
    const { headers, body } = request;
    const shorter = body.subarray(0, body.length - (/\r?\n$/.exec(body.toString('latin1'))?.[0].length ?? 0));
    if (!isWrong(error) || shorter.length === body.length) throw said(error);
    const webhook = await verify({ headers, body: shorter }, secrets, options).catch(() => Promise.reject(said(error)));
    note(context, 'The line end after the body is not part of it.');
    return webhook;
  }
}

const isWrong = (error: unknown) => error instanceof VerificationError && error.code === 'wrong-signature';

/** With its code, which the documentation of receivers explains. */
function said(error: unknown): unknown {
  return error instanceof VerificationError ? new Error(`Not genuine: ${error.message} (${error.code})`) : error;
}

function secretsOf({ secret }: Flags, { env }: Terminal): readonly string[] {
  const secrets = secret ?? collected(env['POSTRIDER_SECRET'] ?? '');
  if (secrets.length > 0) return secrets;
  throw new Refusal('No secret: pass --secret, or set POSTRIDER_SECRET.');
}

function optionsOf({ dialect, alsoStandard, url, tolerance, anyAge }: Flags, { now }: Terminal): VerifyOptions {
  const seconds = anyAge ? Number.POSITIVE_INFINITY : Number(tolerance);
  if (tolerance !== undefined && !(seconds >= 0)) throw new Refusal('--tolerance must be a number of seconds.');
  return {
    dialect,
    now: now(),
    ...(alsoStandard && { signature: 'standard' }),
    ...(url !== undefined && { url }),
    ...((anyAge || tolerance !== undefined) && { tolerance: seconds }),
  };
}
