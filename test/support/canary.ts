import { createJsonLog } from '../../lib/adapters/log/json-log.ts';
import { createPalette } from '../../lib/local/terminal/palette.ts';
import { createTerminalLog } from '../../lib/local/terminal/terminal-log.ts';
import { ServiceFault } from '../../lib/domain/errors.ts';
import type { LogFields } from '../../lib/ports/log.ts';
import type { Interceptor } from './fault-injection.ts';
import { SeededRandom } from './seeded-random.ts';
import { VirtualClock } from './virtual-clock.ts';

/** Whatever must not be logged has this in it. */
export const CANARY = 'ca9a5y';
export const NO_JSON = `${CANARY} is no JSON`;
/** A secret of an endpoint, which is base64. */
export const SIGNING_SECRET = `whsec_${Buffer.from(`${CANARY} is the customer's secret`).toString('base64')}`;

interface Line {
  level: 'info' | 'warn' | 'error';
  event: string;
  fields: LogFields | undefined;
  cause?: unknown;
}

/** The lines that have a canary, as they are written: as JSON, and for a terminal. */
export function linesWithCanary(lines: readonly Line[]): string[] {
  const hidden = [CANARY, SIGNING_SECRET.slice('whsec_'.length)];
  const texts: string[] = [];
  const output = { clock: new VirtualClock(), write: (text: string) => texts.push(text) };
  for (const log of [createJsonLog(output), createTerminalLog({ ...output, palette: createPalette(false) })]) {
    for (const { level, event, fields, cause } of lines) {
      if (level === 'error') log.error(event, cause, fields);
      else log[level](event, fields);
    }
  }
  return texts.filter((text) => hidden.some((word) => text.includes(word)));
}

/** Faults as they come: of a service, of ours, and of a text that could not be read. */
const FAULTS = [
  () => new ServiceFault('DynamoDB PutItem failed', new Error('InternalServerError')),
  () => new TypeError('it is not a function'),
  unreadable,
  () => new Error('why', { cause: unreadable() }),
];

/** What V8 says of a text that is no JSON: it quotes it. */
export function unreadable(): Error {
  try {
    return JSON.parse(NO_JSON);
  } catch (error) {
    return error as Error;
  }
}

/** Such a share of all calls of ports fails. */
export function failing(seed: number, share: number): Interceptor {
  const random = new SeededRandom(seed);
  return (_, run) => {
    if (random.fraction() > share) return run();
    throw FAULTS[Math.floor(random.fraction() * FAULTS.length)]?.();
  };
}
