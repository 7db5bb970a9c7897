import type { Log } from '../../lib/ports/log.ts';
import { noteAlert } from './alert-rules.ts';
import type { Engine } from './engine.ts';
import type { Evidence } from './evidence.ts';
import type { Scheduler } from './scheduler.ts';

/** Judges errors, and what the pipeline reports to its log because it did not expect it. */
export class FaultRules {
  readonly #errors: Engine['errors'];
  readonly #seen: Evidence;
  readonly #scheduler: Scheduler;

  constructor(errors: Engine['errors'], evidence: Evidence, scheduler: Scheduler) {
    this.#errors = errors;
    this.#seen = evidence;
    this.#scheduler = scheduler;
  }

  /** An error that is neither a fault of ours nor the caller's is a bug. */
  judgeError(cause: unknown): void {
    if (cause instanceof this.#errors.ServiceFault || cause instanceof this.#errors.RequestError) return;
    const why = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    if (this.#seen.bugs === 0) this.#seen.fail(0, `an unexpected exception: ${why}`, this.#scheduler.now());
  }

  log(): Log {
    return {
      info: (event, fields) => noteAlert(this.#seen, this.#scheduler.now(), event, fields),
      warn: () => {},
      error: (event, cause) => {
        if (event === 'dispatch.not-counted') this.#seen.uncounted = true;
        if (event === 'dispatch.missing')
          this.#seen.fail(5, 'a message of an epoch that is not written', this.#scheduler.now());
        if (!event.endsWith('.poisoned')) this.#judgeFault(cause);
      },
    };
  }

  /** Inside the pipeline no caller can be refused: a RequestError is as unexpected as any other error. */
  #judgeFault(cause: unknown): void {
    if (cause instanceof this.#errors.RequestError) {
      this.#seen.fail(0, `counted as a fault of ours: ${cause.message}`, this.#scheduler.now());
    } else if (!(cause instanceof Error && cause.message === 'a message points at what is not there')) {
      this.judgeError(cause);
    }
  }
}
