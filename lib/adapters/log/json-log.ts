import type { Clock } from '../../ports/clock.ts';
import type { Log, LogFields } from '../../ports/log.ts';
import { describeCause } from './describe-cause.ts';

export interface LogOutput {
  clock: Clock;
  write(line: string): void;
}

/**
 * One JSON object per line: `timestamp`, `level`, `event`, and the line's fields. Lambda filters lines by level only when they
 * have a `timestamp` as in RFC 3339, and takes all others as INFO (Lambda: "Log-level filtering").
 */
export function createJsonLog({ clock, write }: LogOutput): Log {
  const line = (level: string, event: string, fields: LogFields | undefined) =>
    write(JSON.stringify({ ...fields, timestamp: new Date(clock.now()).toISOString(), level, event }));
  return {
    info: (event, fields) => line('info', event, fields),
    warn: (event, fields) => line('warn', event, fields),
    error(event, cause, fields) {
      const { message, stack, fault } = describeCause(cause);
      line('error', event, { ...fields, error: message, stack, fault });
    },
  };
}
