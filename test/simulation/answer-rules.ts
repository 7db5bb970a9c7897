import { dialectOf } from '../../lib/dialects/index.ts';
import { type Endpoint, isTripped } from '../../lib/domain/endpoint.ts';
import { parseDeliveryId } from '../../lib/domain/ids.ts';
import { TENANT } from './api-calls.ts';
import type { Evidence, SeenRequest } from './evidence.ts';
import type { GatedProcess } from './gate.ts';
import { isSuccess } from './record-rules.ts';

const FAILURES = 10;
const SPAN = 60_000;
/** A request is made on a reading that is at most this old (invariant 8). */
const READING = 2000;
/** An answer has its effect within the longest time that a function runs. */
const EFFECT = 60_000;

/** 7, 15: what an answer has to do to its delivery and its endpoint, once the process that got it has ended its batch without a fault. */
export class AnswerRules {
  readonly #seen: Evidence;
  /** Failures that have had their effect, and when they had it at the latest. */
  readonly #counted = new Map<SeenRequest, number>();

  constructor(evidence: Evidence) {
    this.#seen = evidence;
  }

  ended(process: GatedProcess, now: number): void {
    const answered = this.#seen.requests.filter(
      ({ by, answeredAt }) => by?.process === process && by.faults === process.faults && answeredAt !== undefined,
    );
    for (const request of answered) this.#judgeSuccess(request, now);
    const failed = answered.filter((request) => isFailure(request));
    for (const request of failed) if (!this.#counted.has(request)) this.#counted.set(request, now);
    const tried = new Set(failed.map(({ endpointId }) => endpointId));
    for (const request of answered) this.#judgeAnswer(request, now);
    for (const endpointId of tried) this.#judgeBreaker(endpointId, now);
  }

  /** 7: a success is recorded. */
  #judgeSuccess({ deliveryId: id, statusCode }: SeenRequest, now: number): void {
    if (!isSuccess(statusCode)) return;
    const pair = parseDeliveryId(id, TENANT);
    if (pair && this.#seen.recordsOf(pair).some(({ status }) => status === 'delivered')) return;
    this.#seen.fail(7, `${id}: answered ${statusCode}, and not recorded as delivered`, now);
  }

  #judgeAnswer({ endpointId, calledAt, statusCode, probe }: SeenRequest, now: number): void {
    const endpoint = this.#unchangedSince(endpointId, calledAt - READING);
    if (!endpoint) return;
    const fail = (what: string) => this.#seen.fail(15, `${endpointId}: ${what}`, now);
    if (statusCode === 410 && isOpen(endpoint) && dialectOf(endpoint).goneDisables) fail('a 410 has not disabled it');
    if (probe && isSuccess(statusCode) && isTripped(endpoint)) fail('a probe’s success has not resumed it');
  }

  /**
   * Only those failures count whose effect nothing has hindered; they are a row if no success came between them. The row
   * begins with the failure that was counted first, which need not be the first request.
   */
  #judgeBreaker(endpointId: string, now: number): void {
    const since = this.#seen.versionsOf(endpointId).at(-1)?.at ?? now;
    const endpoint = this.#unchangedSince(endpointId, since);
    if (endpoint?.status !== 'active' || !dialectOf(endpoint).breaker.on) return;
    const all = this.#seen.requests.filter((one) => one.endpointId === endpointId && !one.probe);
    const successes = all.filter(isAnsweredWell).map(({ answeredAt = 0 }) => answeredAt + EFFECT);
    const begin = Math.max(...successes, since + READING);
    const row = all.filter((one) => this.#counted.has(one) && one.calledAt > begin);
    const begunBy = Math.min(...row.map((one) => this.#counted.get(one) ?? Infinity));
    const last = row.at(-1);
    if (!last || row.length < FAILURES || last.calledAt - begunBy < SPAN) return;
    this.#seen.fail(15, `${endpointId}: ${row.length} failures in a row have not paused it`, now);
  }

  #unchangedSince(endpointId: string, time: number): Endpoint | undefined {
    const last = this.#seen.versionsOf(endpointId).at(-1);
    return last && last.at <= time ? last.endpoint : undefined;
  }
}

const isOpen = (endpoint: Endpoint) => endpoint.status === 'active' || isTripped(endpoint);

const isAnsweredWell = ({ statusCode }: SeenRequest) => isSuccess(statusCode);

/** As the circuit breaker counts. */
function isFailure({ statusCode, probe }: SeenRequest): boolean {
  return !probe && !isSuccess(statusCode) && statusCode !== 429 && statusCode !== 410;
}
