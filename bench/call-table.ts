import type { CallCount } from './call-meter.ts';
import type { Measured } from './calls.ts';

type Numbers = Omit<CallCount, 'by' | 'operation'>;

const COLUMNS: readonly [keyof Numbers, string][] = [
  ['calls', 'calls'],
  ['bytesSent', 'bytes sent'],
  ['bytesReceived', 'received'],
  ['writeUnits', 'write units'],
  ['readUnits', 'read units'],
];
const GAP = '  ';
const BY_WIDTH = 14;
const OPERATION_WIDTH = 30;

export function totalOf(counts: readonly CallCount[], column: keyof Numbers): number {
  return counts.reduce((sum, count) => sum + count[column], 0);
}

/** One table per path of an event, with totals. */
export function formatCalls(measured: readonly Measured[]): string {
  return measured.map(formatOne).join('\n\n');
}

function formatOne({ name, counts }: Measured): string {
  const head = line(name.padEnd(BY_WIDTH + OPERATION_WIDTH), (_, title) => title);
  const rows = counts.map((count) =>
    line(count.by.padEnd(BY_WIDTH) + count.operation.padEnd(OPERATION_WIDTH), (column) => String(count[column])),
  );
  const sum = line(''.padEnd(BY_WIDTH) + 'all'.padEnd(OPERATION_WIDTH), (column) => String(totalOf(counts, column)));
  return [head, ...rows, sum].join('\n');
}

function line(start: string, cell: (column: keyof Numbers, title: string) => string): string {
  return start + COLUMNS.map(([column, title]) => GAP + cell(column, title).padStart(title.length)).join('');
}
