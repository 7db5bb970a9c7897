import { type PollEntry, entryKey } from '../../domain/poll-entry.ts';
import type { PollPlace } from '../../ports/poll-log.ts';
import type { Ports } from '../../ports/ports.ts';

/** Entries of one request: some 50 KB. */
const PAGE = 500;

/** Entries in the order of their keys, without a gap. */
export interface ReadEntries {
  entries: PollEntry[];
  /** There is none after them. */
  isAll: boolean;
}

/**
 * Reads on after a key.
 * @param isEnough asked with all that has been read so far
 */
export async function readEntries(
  { polls }: Pick<Ports, 'polls'>,
  place: PollPlace,
  after: string,
  isEnough: (entries: readonly PollEntry[]) => boolean,
): Promise<ReadEntries> {
  const entries: PollEntry[] = [];
  for (;;) {
    const last = entries.at(-1);
    const page = await polls.entriesAfter(place, last ? entryKey(last) : after, PAGE);
    entries.push(...page);
    if (page.length < PAGE) return { entries, isAll: true };
    if (isEnough(entries)) return { entries, isAll: false };
  }
}
