import type { Log, LogFields } from '../../lib/ports/log.ts';
import type { Middleware } from './compose.ts';

/** What belongs to the one invocation that an instance works on at a time. */
export interface Invocations {
  begin(requestId: string): void;
  end(): void;
}

/** Names the invocation in each line: `aws_request_id`, and `cold_start` in those of an instance's first. */
export class InvocationLog implements Log {
  readonly #log: Log;
  #fields: LogFields = {};
  #count = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  begin(requestId: string): void {
    this.#count += 1;
    this.#fields = { aws_request_id: requestId, ...(this.#count === 1 && { cold_start: true }) };
  }

  info(event: string, fields?: LogFields): void {
    this.#log.info(event, { ...fields, ...this.#fields });
  }

  warn(event: string, fields?: LogFields): void {
    this.#log.warn(event, { ...fields, ...this.#fields });
  }

  error(event: string, cause: unknown, fields?: LogFields): void {
    this.#log.error(event, cause, { ...fields, ...this.#fields });
  }
}

/** Tells the deployment's log when an invocation begins and ends. */
export function invocation({ invocations }: { invocations?: Invocations }): Middleware<object> {
  const end = () => invocations?.end();
  return { before: ({ context }) => invocations?.begin(context.awsRequestId), after: end, onError: end };
}
