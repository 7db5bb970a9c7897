import type { SendResult } from '../../lib/domain/outcome.ts';
import type { Dice } from './dice.ts';

/** The behaviour of a customer's server. */
export const KINDS = [
  'healthy',
  'healthy',
  'slow',
  'dead',
  'refusing',
  'flapping',
  'recovering',
  'gone',
  'busy',
  'hanging',
  'silent',
] as const;
/**
 * Three come in stories of their own: `crawling` answers, and always late; `picky` refuses the first events that it is
 * asked to take, again and again; `polled` is sent nothing: its consumers ask.
 */
export type Kind = (typeof KINDS)[number] | 'picky' | 'crawling' | 'polled';

/** How many events a picky customer refuses. */
const REFUSED = 2;

const RETRY_AFTERS = ['1', '30', '600', '7200'] as const;

/** How long a customer takes to answer, and what. */
export interface CustomerAnswer {
  afterMs: number;
  result: SendResult;
  retryAfterSeconds?: number;
}

/** One customer's server: how it answers depends on its kind, on how often it was asked, and on the dice. */
export class Customer {
  readonly kind: Kind;
  readonly #dice: Dice;
  readonly #patience: number;
  readonly #refused = new Set<string>();
  #asked = 0;

  constructor(kind: Kind, dice: Dice) {
    this.kind = kind;
    this.#dice = dice;
    this.#patience = dice.between(1, 4);
  }

  /** It is picky, and would take this event. */
  takes(eventId: string): boolean {
    return this.kind === 'picky' && this.#refused.size === REFUSED && !this.#refused.has(eventId);
  }

  /** @param timeoutMs the sender's deadline for the whole exchange */
  answer(timeoutMs: number, eventId: string): CustomerAnswer {
    this.#asked += 1;
    const dice = this.#dice;
    const early = this.#asked <= this.#patience;
    switch (this.kind) {
      case 'healthy':
        return answered(200, dice.between(1, 50));
      case 'slow':
        return answered(200, Math.min(dice.between(500, 9000), timeoutMs - 1));
      case 'crawling':
        return answered(200, Math.min(dice.between(8000, 9000), timeoutMs - 1));
      case 'dead':
        return answered(dice.pick([500, 503, 404, 301]), dice.between(1, 50));
      case 'refusing':
        return failed('refused', 1);
      case 'flapping':
        return dice.chance(0.5) ? answered(200, dice.between(1, 50)) : answered(500, dice.between(1, 2000));
      case 'recovering':
        return answered(early ? 500 : 200, dice.between(1, 50));
      case 'gone':
        return answered(early ? 200 : 410, dice.between(1, 3000));
      case 'busy':
        return early ? busy(dice.pick(RETRY_AFTERS), dice.between(1, 20)) : answered(200, 5);
      case 'picky':
        if (this.#refused.size < REFUSED) this.#refused.add(eventId);
        return answered(this.#refused.has(eventId) ? 422 : 200, 10);
      case 'polled':
        throw new Error('A request was sent to an endpoint that is polled.');
      case 'silent':
        return failed('timeout', timeoutMs);
      case 'hanging':
        return dice.chance(0.7) ? failed('timeout', timeoutMs) : answered(202, timeoutMs - 1);
    }
  }
}

function answered(statusCode: number, afterMs: number): CustomerAnswer {
  return { afterMs, result: { kind: 'answer', statusCode, durationMs: afterMs, body: new Uint8Array() } };
}

function busy(retryAfter: string, afterMs: number): CustomerAnswer {
  const body = Buffer.from('later');
  return {
    afterMs,
    result: { kind: 'answer', statusCode: 429, durationMs: afterMs, body, retryAfter },
    retryAfterSeconds: Number(retryAfter),
  };
}

function failed(error: 'refused' | 'timeout', afterMs: number): CustomerAnswer {
  return { afterMs, result: { kind: 'error', error, message: error, durationMs: afterMs } };
}
