import type { QueueName, ReceivedMessage } from '../../../ports/queues.ts';
import type { GroupCommit } from '../database/group-commit.ts';
import type { MessageTable } from './message-table.ts';

/** Handles, by queue. */
type Handles = Map<QueueName, string[]>;

/**
 * Gathers the messages that are deleted until a commit takes them: one write for all of them. A deletion can wait: a
 * message that a crash leaves there comes again, and changes nothing (invariant 7).
 */
export class Deletions {
  readonly #commits: Pick<GroupCommit, 'writeTogetherSoon'>;
  readonly #messages: Pick<MessageTable, 'remove'>;
  readonly #waitMs: number;
  #gathered: { handles: Handles; written: Promise<void> } | undefined;

  /** @param waitMs how long a deletion waits for a commit to share */
  constructor(commits: Pick<GroupCommit, 'writeTogetherSoon'>, messages: Pick<MessageTable, 'remove'>, waitMs: number) {
    this.#commits = commits;
    this.#messages = messages;
    this.#waitMs = waitMs;
  }

  /** @returns settles once they are gone */
  add(queue: QueueName, messages: readonly ReceivedMessage[]): Promise<void> {
    this.#gathered ??= this.#begin();
    const { handles, written } = this.#gathered;
    const ofQueue = handles.get(queue) ?? [];
    handles.set(queue, ofQueue);
    for (const { receiptHandle } of messages) ofQueue.push(receiptHandle);
    return written;
  }

  #begin() {
    const handles: Handles = new Map();
    const written = this.#commits.writeTogetherSoon(this.#waitMs, () => {
      // What is deleted from now on is of another write.
      this.#gathered = undefined;
      for (const [queue, ofQueue] of handles) this.#messages.remove(queue, ofQueue);
    });
    const gathered = { handles, written };
    // It was not even begun: nobody else may rely on it.
    written.catch(() => {
      if (this.#gathered === gathered) this.#gathered = undefined;
    });
    return gathered;
  }
}
