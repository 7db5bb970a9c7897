import type { Endpoint } from '../../lib/domain/endpoint.ts';
import type { EndpointVersion, Evidence } from './evidence.ts';
import { isSuccess } from './record-rules.ts';

const FAILURES = 10;
const SPAN = 60_000;

/** Judges what the customers' answers do to their endpoints. */
export class EndpointRules {
  readonly #seen: Evidence;

  constructor(evidence: Evidence) {
    this.#seen = evidence;
  }

  /** 15: an answer concerns the endpoint as it was when the request was made, not its later changes. */
  changed(before: EndpointVersion | undefined, after: Endpoint, by: string, now: number): void {
    if (before && by === 'jobs' && after.status === 'active' && before.endpoint.statusReason !== 'breaker') {
      this.#seen.fail(8, `${after.id}: a probe ends a pause that is not the breaker's`, now);
    }
    if (!before || (by !== 'dispatch' && by !== 'jobs')) return;
    const since = this.#seen.requests.filter(
      ({ endpointId, calledAt, answeredAt }) =>
        endpointId === after.id && calledAt >= before.at && answeredAt !== undefined,
    );
    const fail = (what: string) => this.#seen.fail(15, `${after.id}: ${what}`, now);
    if (after.statusReason === 'gone' && !since.some(({ statusCode }) => statusCode === 410)) {
      fail('it is disabled as gone by the answer to what it was before');
    }
    if (after.statusReason !== 'breaker') return;
    const failures = since.filter(({ statusCode, probe }) => !probe && !isSuccess(statusCode) && statusCode !== 429);
    if (failures.length < FAILURES) fail(`the breaker pauses it after ${failures.length} failures`);
    if (now - (failures[0]?.calledAt ?? now) < SPAN) fail('the breaker pauses it after a burst');
  }
}
