import { CommanderError } from 'commander';
import { ApiError, ConnectionError, TimeoutError } from '../../../sdk/src/errors.ts';
import { oneLine } from '../output/cells.ts';
import { Interrupted, NobodyReads } from '../terminal/terminal.ts';
import type { Ending } from './exit-codes.ts';
import { Failed, NoKey, Refusal } from './refusal.ts';

/** How a command ended, and the line that says it; undefined where it was said already. */
export interface Explained {
  ending: Ending;
  line?: string;
}

/** What can be done about a refusal, where its detail does not say it. */
const HINTS: Readonly<Record<string, string>> = {
  unauthorized: 'Sign in with "postrider login", or set POSTRIDER_API_KEY.',
  'second-factor-needed': 'Pass --mfa-code.',
  'second-factor-wrong': 'Pass the next code by --mfa-code.',
  'platform-key-needed': 'Use a profile with a platform key (--profile).',
  unexplained: 'Is --api-url the address of Postrider?',
};

/** What it says may be a customer’s or another server’s: it comes as one line that moves no cursor. */
export function explained(error: unknown): Explained {
  const { ending, line } = endingAndLine(error);
  return line === undefined ? { ending } : { ending, line: oneLine(line) };
}

function endingAndLine(error: unknown): Explained {
  if (error instanceof CommanderError) return { ending: error.exitCode === 0 ? 'done' : 'usage' };
  if (error instanceof Failed) return { ending: 'failed' };
  if (error instanceof NobodyReads) return { ending: 'done' };
  if (error instanceof Interrupted) return { ending: 'interrupted', line: 'Stopped.' };
  if (error instanceof NoKey) return { ending: 'key', line: lineOf(error) };
  if (error instanceof Refusal || error instanceof TypeError) return { ending: 'usage', line: lineOf(error) };
  if (error instanceof ApiError) return { ending: endingOf(error), line: apiLine(error) };
  if (error instanceof ConnectionError || error instanceof TimeoutError) {
    return { ending: 'unreachable', line: `${error.message} Start the service, or check --api-url.` };
  }
  return { ending: 'failed', line: lineOf(error) };
}

function endingOf({ status }: ApiError): Ending {
  if (status === 401 || status === 403) return 'key';
  if (status === 404) return 'missing';
  return status === 429 || status >= 500 ? 'service' : 'refused';
}

function apiLine({ problem, fields, status, code, requestId, retryAfterSeconds }: ApiError): string {
  const others = fields.map((one) => String(one?.message ?? '')).filter((message) => !problem.detail.includes(message));
  const again = retryAfterSeconds === undefined ? '' : ` Try again in ${Math.ceil(retryAfterSeconds)} s.`;
  const hint = HINTS[code] ?? '';
  const about = `(${status} ${code}${requestId === undefined ? '' : `, request ${requestId}`})`;
  return [...[problem.detail, ...others].map(sentence), again.trim(), hint, about].filter(Boolean).join(' ');
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

/** An error in one line, with its cause unless that says the same. */
function lineOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  return cause instanceof Error && cause.message !== message ? `${message} (${cause.message})` : message;
}
