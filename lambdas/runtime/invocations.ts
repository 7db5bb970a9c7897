import type { LogFields } from '../../lib/ports/log.ts';
import type { Middleware } from './compose.ts';

/** What belongs to the one invocation that an instance works on at a time. */
export interface Invocations {
  begin(requestId: string): void;
  end(): void;
}

/** What names the present invocation in each line: `aws_request_id`, and `cold_start` in those of an instance's first. */
export class InvocationName {
  fields: LogFields = {};
  #count = 0;

  begin(requestId: string): void {
    this.#count += 1;
    this.fields = { aws_request_id: requestId, ...(this.#count === 1 && { cold_start: true }) };
  }
}

/** Tells the deployment's log when an invocation begins and ends. */
export function invocation({ invocations }: { invocations?: Invocations }): Middleware<object> {
  const end = () => invocations?.end();
  return { before: ({ context }) => invocations?.begin(context.awsRequestId), after: end, onError: end };
}
