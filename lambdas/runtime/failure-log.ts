import type { Log } from '../../lib/ports/log.ts';
import type { Middleware } from './compose.ts';

/**
 * Writes a line with the word of the stage when a whole call fails, such as `sweep.failed`, and lets it fail: Lambda counts
 * it, and gives a queue its batch back.
 */
export function failureLog(stage: string, log: Log): Middleware<object> {
  return {
    onError: ({ error, context }) => {
      log.error(`${stage}.failed`, error, { aws_request_id: context.awsRequestId });
    },
  };
}
