import type { Mutant } from './mutant.ts';

/** Bugs in what only a service in one process does: lines for places, and requests that wait for the disk. */
export const SERVICE_MUTANTS: readonly Mutant[] = [
  {
    name: 'a request that does not wait for the disk',
    edits: [{ file: 'pipeline/delivery/request.ts', find: 'if (message?.safe) await message.safe;', put: '' }],
    breaks: [1],
  },
  {
    name: 'a disk that failed counts as one that has it',
    edits: [
      {
        file: 'pipeline/delivery/request.ts',
        find: 'await message.safe;',
        put: 'await message.safe.catch(() => undefined);',
      },
    ],
    breaks: [1],
  },
  {
    name: 'a request on a reading that became old while the disk was synchronized',
    edits: [
      {
        file: 'pipeline/delivery/request.ts',
        find: 'if (message?.safe) await message.safe;\n  const startedAt = ports.clock.now();\n  if (startedAt',
        put: 'const before = ports.clock.now();\n  await message?.safe;\n  const startedAt = ports.clock.now();\n  if (before',
      },
    ],
    breaks: [7, 8, 13],
  },
  {
    name: 'a place that is left and given to nobody in line',
    edits: [
      {
        file: 'pipeline/dispatch/places.ts',
        find: 'if (isFirst) this.#endOfTurn',
        put: 'if (!isFirst) this.#endOfTurn',
      },
    ],
    breaks: [17],
  },
  {
    name: 'a place that is given to somebody in line who does not hear of it',
    edits: [{ file: 'pipeline/dispatch/places.ts', find: 'else go(place);', put: 'else void go;' }],
    breaks: [17],
  },
  {
    name: 'a turn to read again that is given to somebody who does not hear of it',
    edits: [
      {
        file: 'pipeline/dispatch/visit.ts',
        find: 'if (next) next();\n      else reading -= 1;',
        put: 'if (!next) reading -= 1;',
      },
    ],
    breaks: [17],
  },
  {
    name: 'whoever comes takes a place before those in line',
    edits: [{ file: 'pipeline/dispatch/places.ts', find: 'this.#giveLeft(addressee.tenantId);', put: '' }],
    breaks: [17],
  },
  {
    name: 'a line whose last is served first',
    edits: [
      {
        file: 'pipeline/dispatch/places.ts',
        find: 'of this.#lines.get(tenantId) ?? []) {',
        put: 'of [...(this.#lines.get(tenantId) ?? [])].reverse()) {',
      },
    ],
    breaks: [17],
  },
  {
    name: 'whoever has waited in vain waits on',
    edits: [{ file: 'pipeline/dispatch/places.ts', find: 'waiting.go(undefined);', put: '' }],
    breaks: [17],
  },
  {
    name: 'whoever has waited in vain still stands in the line',
    edits: [{ file: 'pipeline/dispatch/places.ts', find: 'line.delete(waiting);', put: '' }],
    breaks: [17],
  },
];
