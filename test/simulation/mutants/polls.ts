import type { Mutant } from './mutant.ts';

/** Bugs in what consumers of poll endpoints are given, and in how their deliveries end. */
export const POLL_MUTANTS: readonly Mutant[] = [
  {
    name: 'a cursor that takes what it has read as all that there was',
    edits: [
      {
        file: 'domain/times.ts',
        find: 'export const POLL_REREAD = MINUTE;',
        put: 'export const POLL_REREAD = SECOND;',
      },
    ],
    breaks: [21],
  },
  {
    name: 'a cursor that names nothing of the last minute',
    edits: [
      {
        file: 'domain/poll-position.ts',
        find: 'return known[second] === position.given[second];',
        put: 'return second in known;',
      },
    ],
    breaks: [21],
  },
  {
    name: 'a poll that passes over what its answer had no room for',
    edits: [
      {
        file: 'pipeline/polls/poll.ts',
        find: 'const last = more ? open[passed - 1] : read.entries.at(-1);',
        put: 'const last = read.entries.at(-1);',
      },
    ],
    breaks: [21],
  },
  {
    name: 'a delivery that ends with the first commit',
    edits: [
      {
        file: 'pipeline/polls/settle.ts',
        find: 'committedBy.every((isGiven) => isGiven(entry))',
        put: 'committedBy.some((isGiven) => isGiven(entry))',
      },
    ],
    breaks: [21],
  },
  {
    name: 'a delivery that nobody has committed is settled with those after it',
    edits: [
      {
        file: 'pipeline/polls/settle.ts',
        find: 'const last = waiting < 0 ? read.at(-1) : ending.at(-1);',
        put: 'const last = read.at(-1);',
      },
    ],
    breaks: [5, 21],
  },
  {
    name: 'a consumer that left holds deliveries back for ever',
    edits: [
      {
        file: 'domain/times.ts',
        find: 'export const CONSUMER_IDLE = 7 * DAY;',
        put: 'export const CONSUMER_IDLE = 70 * DAY;',
      },
    ],
    breaks: [21],
  },
  {
    name: 'what nobody has committed expires at half its time',
    edits: [
      {
        file: 'pipeline/polls/settle.ts',
        find: 'entry.writtenAt + POLL_KEPT <= now',
        put: 'entry.writtenAt + POLL_KEPT / 2 <= now',
      },
    ],
    breaks: [10],
  },
  {
    name: 'an entry whose record could not be written is none',
    edits: [
      {
        file: 'pipeline/dispatch/enter.ts',
        find: '  await ports.polls.add([\n',
        put: '  if (!record) await ports.polls.add([\n',
      },
    ],
    breaks: [5, 21],
  },
  {
    name: 'polls of a paused endpoint go on',
    edits: [
      {
        file: 'pipeline/polls/poll.ts',
        find: "  if (endpoint.status === 'paused') return",
        put: "  if (endpoint.label === 'none') return",
      },
      {
        file: 'pipeline/polls/poll.ts',
        find: "  if (present?.status === 'paused') return",
        put: "  if (present?.label === 'none') return",
      },
    ],
    breaks: [8],
  },
  {
    name: 'polls under a brake go on',
    edits: [{ file: 'pipeline/polls/poll.ts', find: '  if (braked) return', put: '  if (braked && limit < 0) return' }],
    breaks: [13],
  },
  {
    name: 'a deleted payload is given to consumers',
    edits: [
      {
        file: 'pipeline/polls/poll.ts',
        find: 'if (!event || event.payloadDeleted || !endpoint',
        put: 'if (!event || !endpoint',
      },
      {
        file: 'pipeline/delivery/request.ts',
        find: "if (event.payloadDeleted) throw new Error('A request needs the payload of its event.');",
        put: '',
      },
    ],
    breaks: [19],
  },
  {
    name: 'a job that looks at a poll endpoint once',
    edits: [
      {
        file: 'pipeline/jobs/settle.ts',
        find: ': { ...later, processed: count };',
        put: ': { ...FINISHED, processed: count };',
      },
    ],
    breaks: [5, 21],
  },
  {
    name: 'a consumer that comes back is not told what it missed',
    edits: [
      {
        file: 'pipeline/polls/start.ts',
        find: 'if (timeOfKey(known.after) >= oldest) return known;',
        put: 'if (timeOfKey(known.after) >= 0) return known;',
      },
    ],
    breaks: [21],
  },
  {
    name: 'an erasure that leaves the entries of its tenant',
    edits: [
      {
        file: 'adapters/sqlite/stores/tenant-data.ts',
        find: "    { table: 'poll_entries', key: 'tenant, endpoint, key', where: OWN },\n",
        put: '',
      },
    ],
    breaks: [20],
  },
  {
    name: 'a poll that gives what is abandoned',
    edits: [
      {
        file: 'pipeline/polls/poll.ts',
        find: "!endpoint || record?.status === 'abandoned') return false;",
        put: '!endpoint) return false;',
      },
    ],
    breaks: [21],
  },
  {
    name: 'a poll that gives what was written before the last disable',
    edits: [
      {
        file: 'pipeline/polls/poll.ts',
        find: 'return !isShut(endpoint, record?.createdAt ?? createdAt ?? timeOf(eventId));',
        put: 'return true;',
      },
    ],
    breaks: [21],
  },
];
