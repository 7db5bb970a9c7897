import type { SendResult } from '../../lib/domain/outcome.ts';
import type { Clock } from '../../lib/ports/clock.ts';
import type { HttpSender, SendRequest } from '../../lib/ports/http-sender.ts';

/** A request that a customer received. */
export interface Received {
  url: string;
  at: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** A status, with a `Retry-After`, the time that the answer takes or a body, or none in time. */
export type Answer = number | { status: number; retryAfter?: string; durationMs?: number; body?: string } | 'timeout';
/** What a customer answers to its n-th request of an event, 1 for the first. */
export type Behaviour = (nth: number, eventId: string) => Answer;

/** Gives these answers in turn, and then the last one. */
export function behaviourOf(answers: Answer | Answer[] | Behaviour): Behaviour {
  if (typeof answers === 'function') return answers;
  const inTurn = Array.isArray(answers) ? answers : [answers];
  return (nth) => inTurn[Math.min(nth, inTurn.length) - 1] ?? 404;
}

/** Customers without a network: a sender that answers as planned, and records what was sent. */
export class Customers implements HttpSender {
  readonly received: Received[] = [];
  readonly #clock: Clock;
  readonly #behaviours = new Map<string, Behaviour>();
  /** How often each event came, by the URL. */
  readonly #counts = new Map<string, Map<string, number>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A customer's URL, and how it answers. */
  open(name: string, behaviour: Behaviour): string {
    const url = `https://${name}.example/hook`;
    this.#behaviours.set(url, behaviour);
    return url;
  }

  at(url: string): Received[] {
    return this.received.filter((request) => request.url === url);
  }

  /** How often each event came to a URL. */
  countsByEvent(url: string): Map<string, number> {
    return new Map(this.#counts.get(url));
  }

  /** @returns how often the event has come to the URL */
  #countOneMore(url: string, eventId: string): number {
    const counts = this.#counts.get(url) ?? new Map<string, number>();
    const count = (counts.get(eventId) ?? 0) + 1;
    counts.set(eventId, count);
    this.#counts.set(url, counts);
    return count;
  }

  async send(request: SendRequest): Promise<SendResult> {
    const { url, headers } = request;
    this.received.push({ url, at: this.#clock.now(), headers, body: Buffer.from(request.body).toString() });
    const eventId = headers['webhook-id'] ?? '';
    const nth = this.#countOneMore(url, eventId);
    const answer = this.#behaviours.get(url)?.(nth, eventId) ?? 404;
    if (answer === 'timeout')
      return { kind: 'error', error: 'timeout', message: 'no response within 10 s', durationMs: 10_000 };
    const given = typeof answer === 'number' ? { status: answer } : answer;
    const { status: statusCode, retryAfter, durationMs = 5, body = '' } = given;
    return {
      kind: 'answer',
      statusCode,
      durationMs,
      body: Buffer.from(body),
      ...(retryAfter !== undefined && { retryAfter }),
    };
  }
}
