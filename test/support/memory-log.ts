import type { Log, LogFields } from '../../lib/ports/log.ts';

export interface LogLine {
  level: 'info' | 'warn' | 'error';
  event: string;
  fields: LogFields;
  cause?: unknown;
}

/** Keeps its lines for a test to look at. */
export class MemoryLog implements Log {
  readonly lines: LogLine[] = [];

  info(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'info', event, fields });
  }

  warn(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'warn', event, fields });
  }

  error(event: string, cause: unknown, fields: LogFields = {}): void {
    this.lines.push({ level: 'error', event, cause, fields });
  }

  named(event: string): LogLine[] {
    return this.lines.filter((line) => line.event === event);
  }
}
