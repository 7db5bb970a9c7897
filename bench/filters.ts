import { RequestError } from '../lib/domain/errors.ts';
import { createFilterTest } from '../lib/domain/filter/filter.ts';
import { type FindSubscribers, indexSubscriptions } from '../lib/domain/subscription-index.ts';

const ENDPOINTS = 10_000;
const RUNS = 9;
const MAX_EVENT_BYTES = 256 * 1024;

interface Case {
  name: string;
  /** Of the n-th endpoint: all of them differ. */
  filter: (n: number) => unknown;
  data: unknown;
}

const PADDING = 'x'.repeat(250_000);
const FIELDS = Array.from({ length: 14 }, (_, n) => `field-${n}`);

const CASES: readonly Case[] = [
  {
    name: 'one field, an event of 40 bytes',
    filter: (n) => ({ customer: { id: `c-${n}` } }),
    data: { status: 'done', customer: { id: 'c-17' } },
  },
  {
    name: '15 fields, all but the last met, 256 KiB',
    filter: (n) => ({ ...Object.fromEntries(FIELDS.map((name) => [name, { $gte: 0 }])), last: n }),
    data: { ...Object.fromEntries(FIELDS.map((name) => [name, 1])), padding: PADDING },
  },
  {
    name: 'an id in a list of 1,000',
    filter: (n) => ({ to: `user-${n}` }),
    data: { to: Array.from({ length: 1000 }, (_, n) => `user-${n}`) },
  },
  {
    name: 'a list of 200 ids that has the id',
    filter: (n) => ({ id: { $in: Array.from({ length: 200 }, (_, id) => `${n}-${id}`) } }),
    data: { id: 'none' },
  },
  {
    name: 'two fields of one of 60 items',
    filter: (n) => ({ items: { sku: `sku-${n + 60}`, quantity: 1 } }),
    data: { items: Array.from({ length: 60 }, (_, n) => ({ sku: `sku-${n}`, quantity: 1 })) },
  },
  {
    name: 'a field of one of as many items as 256 KiB have',
    filter: (n) => ({ items: { a: n + 2 } }),
    data: { items: Array.from({ length: Math.floor(MAX_EVENT_BYTES / '{"a":1},'.length) - 2 }, () => ({ a: 1 })) },
  },
];

/** One line a case: what an event of 10,000 endpoints with different filters takes of ingest, without input and output. */
export function benchFilters(): void {
  for (const { name, filter, data } of CASES) {
    const text = JSON.stringify(data);
    const before = heapBytes();
    const { find, ms: reading } = readAll(filter);
    const memory = Math.round((heapBytes() - before) / 1e6);
    const runs = Array.from({ length: RUNS }, () => timeOf(find, text)).toSorted((a, b) => a.ms - b.ms);
    const { ms, found } = runs[Math.floor(RUNS / 2)] as ReturnType<typeof timeOf>;
    const most = runs.at(-1)?.ms ?? 0;
    console.log(
      `${name.padEnd(48)} ${ms.toFixed(0)} ms (most ${most.toFixed(0)}), read once in ${reading.toFixed(0)} ms, ${memory} MB: ${found}`,
    );
  }
}

/** As ingest does after the items were read. */
function readAll(filter: Case['filter']): { find: FindSubscribers; ms: number } {
  const subscribers = Array.from({ length: ENDPOINTS }, (_, n) => ({
    id: `ep_${n}`,
    events: ['*'],
    filter: JSON.stringify(filter(n)),
  }));
  const begin = cpuMs();
  return { find: indexSubscriptions(subscribers), ms: cpuMs() - begin };
}

function timeOf(find: FindSubscribers, data: string): { ms: number; found: string } {
  const begin = cpuMs();
  const found = foundBy(find, data);
  return { ms: cpuMs() - begin, found };
}

function foundBy(find: FindSubscribers, data: string): string {
  try {
    const { ids, filtered } = find({ type: 'order.paid' }, createFilterTest(data));
    return `${ids.length} get it, ${filtered} do not`;
  } catch (error) {
    if (error instanceof RequestError) return `refused: ${error.code}`;
    throw error;
  }
}

/** Processor time of this thread, so that what else the machine does counts less. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
