import { isJobMessage } from '../domain/message.ts';
import type { ReceivedMessage } from '../ports/queues.ts';
import type { Dispatch } from './dispatch/dispatch.ts';
import type { JobBatch } from './jobs/jobs.ts';

interface SlowBatch {
  messages: readonly ReceivedMessage[];
  /** When the function is stopped, milliseconds since the Unix epoch. */
  deadline: number;
}

/**
 * Works a batch of the queue slow, which carries all that may wait for a customer for long: attempts for slow endpoints,
 * and probes. They are worked side by side. Answers the ids of the messages that must come back.
 */
export function createSlowWork(dispatch: Dispatch, jobs: (batch: JobBatch) => Promise<string[]>) {
  return async ({ messages, deadline }: SlowBatch): Promise<string[]> => {
    const { probes, attempts } = sortSlow(messages);
    const kept = await Promise.all([
      attempts.length > 0 ? dispatch({ queue: 'slow', messages: attempts, deadline }) : [],
      probes.length > 0 ? jobs({ queue: 'slow', messages: probes, deadline }) : [],
    ]);
    return kept.flat();
  };
}

/** What is not the message of a job is dispatch's, readable or not. */
export function sortSlow(messages: readonly ReceivedMessage[]) {
  const { probes = [], attempts = [] } = Object.groupBy(messages, ({ body }) =>
    isJobMessage(body) ? 'probes' : 'attempts',
  );
  return { probes, attempts };
}
