import type { Clock } from '../../ports/clock.ts';
import type { Log, LogFields } from '../../ports/log.ts';
import { describeCause } from './describe-cause.ts';

export interface LogOutput {
  clock: Clock;
  write(line: string): void;
}

/** One JSON object per line: `time`, `level`, `event`, and the line's fields. */
export function createJsonLog({ clock, write }: LogOutput): Log {
  const line = (level: string, event: string, fields: LogFields | undefined) =>
    write(JSON.stringify({ ...fields, time: new Date(clock.now()).toISOString(), level, event }));
  return {
    info: (event, fields) => line('info', event, fields),
    warn: (event, fields) => line('warn', event, fields),
    error(event, cause, fields) {
      const { message, stack } = describeCause(cause);
      line('error', event, { ...fields, error: message, stack });
    },
  };
}
