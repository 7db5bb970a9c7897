import type { Event } from '../../domain/event.ts';
import type { Acceptance } from '../../ports/acceptance.ts';
import type { OutgoingMessage } from '../../ports/queues.ts';
import type { GroupCommit } from './database/group-commit.ts';
import type { SqliteQueues } from './queue/queues.ts';
import type { SqliteEventLog } from './stores/event-log.ts';

/** At a low rate a commit is most of the work of a write: an accepted event takes one instead of two. */
export class SqliteAcceptance implements Acceptance {
  readonly #commits: GroupCommit;
  readonly #events: SqliteEventLog;
  readonly #queues: SqliteQueues;

  constructor(commits: GroupCommit, events: SqliteEventLog, queues: SqliteQueues) {
    this.#commits = commits;
    this.#events = events;
    this.#queues = queues;
  }

  async putAndSendUnlessExists(event: Event, messages: readonly OutgoingMessage[]): Promise<boolean> {
    const put = this.#events.putting(event);
    const send = this.#queues.sending('deliveries', messages);
    return this.#commits.writeTogether(() => {
      if (!put()) return false;
      send();
      return true;
    });
  }
}
