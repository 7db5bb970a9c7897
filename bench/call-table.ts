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
const USAGE = 'usage, once a second at most';

export function totalOf(counts: readonly CallCount[], column: keyof Numbers): number {
  return counts.reduce((sum, count) => sum + count[column], 0);
}

/** One table per path of an event, with totals. */
export function formatCalls(measured: readonly Measured[]): string {
  return measured.map(formatOne).join('\n\n');
}

/** What is not part of the sum: under load, one addition to usage is for the deliveries of a second. */
function formatOne({ name, counts, usage }: Measured): string {
  const head = line(name.padEnd(BY_WIDTH + OPERATION_WIDTH), (_, title) => title);
  const rows = counts.map((count) => rowOf(count, count.operation));
  const sum = line(''.padEnd(BY_WIDTH) + 'all'.padEnd(OPERATION_WIDTH), (column) => String(totalOf(counts, column)));
  const apart = usage.map((count) => rowOf(count, USAGE));
  return [head, ...rows, sum, ...apart].join('\n');
}

function rowOf(count: CallCount, operation: string): string {
  return line(count.by.padEnd(BY_WIDTH) + operation.padEnd(OPERATION_WIDTH), (column) => String(count[column]));
}

function line(start: string, cell: (column: keyof Numbers, title: string) => string): string {
  return start + COLUMNS.map(([column, title]) => GAP + cell(column, title).padStart(title.length)).join('');
}
