import type { Endpoint } from '../../lib/domain/endpoint.ts';
import type { SendResult } from '../../lib/domain/outcome.ts';
import type { HttpSender, SendRequest } from '../../lib/ports/http-sender.ts';
import { Customer } from './customers.ts';
import type { Dice } from './dice.ts';
import type { GatedProcess } from './gate.ts';
import type { RequestRules } from './request-rules.ts';
import type { Scheduler } from './scheduler.ts';
import type { SecretRules } from './secret-rules.ts';
import type { SlowRules } from './slow-rules.ts';
import type { Cast } from './story.ts';
import type { Trace } from './trace.ts';
import type { Pair, SeenRequest } from './evidence.ts';

interface Known {
  customer: Customer;
  endpointId: string | undefined;
  touched: boolean;
}

/** All customers of a history: the network that the pipeline sends into. */
export class CustomerBase implements HttpSender {
  readonly #known: Known[];
  readonly #scheduler: Scheduler;
  readonly #rules: RequestRules;
  readonly #slow: SlowRules;
  readonly secrets: SecretRules;
  readonly #trace: Trace;
  readonly #tenantId: string;

  constructor(
    cast: readonly Cast[],
    dice: Dice,
    scheduler: Scheduler,
    { requests, slow, secrets }: { requests: RequestRules; slow: SlowRules; secrets: SecretRules },
    trace: Trace,
    tenantId: string,
  ) {
    this.#known = cast.map(({ kind }) => ({
      customer: new Customer(kind, dice),
      endpointId: undefined,
      touched: false,
    }));
    this.#scheduler = scheduler;
    this.#rules = requests;
    this.#slow = slow;
    this.secrets = secrets;
    this.#trace = trace;
    this.#tenantId = tenantId;
  }

  /** Recognizes a new endpoint by its first state. */
  learn({ url, label = url, id }: Pick<Endpoint, 'url' | 'label' | 'id'>): void {
    const known = this.#at(label);
    if (known) known.endpointId = id;
  }

  endpointId(index: number): string | undefined {
    return this.#known[index]?.endpointId;
  }

  /** Someone changes its endpoint: from now on its deliveries do not depend on its server alone. */
  touch(index: number): void {
    const known = this.#known[index];
    if (known) known.touched = true;
  }

  /** Endpoints that have always answered 200 and that no one has changed. */
  healthy(): Set<string> {
    const healthy = this.#known.filter(({ customer, touched }) => customer.kind === 'healthy' && !touched);
    return new Set(healthy.flatMap(({ endpointId }) => endpointId ?? []));
  }

  /** A picky customer would take this event. */
  takes({ endpointId, eventId }: Pair): boolean {
    return this.#known.some((known) => known.endpointId === endpointId && known.customer.takes(eventId));
  }

  /** The pipeline calls this at the time that the attempt records; the request may leave a moment later. */
  async send(request: SendRequest, calledAt = 0, process?: GatedProcess): Promise<SendResult> {
    const { url, headers, timeoutMs } = request;
    const known = this.#at(url);
    if (!known) throw new Error(`There is no customer at ${url}.`);
    const eventId = headers['webhook-id'] ?? '';
    const key = { tenantId: this.#tenantId, endpointId: known.endpointId ?? '', eventId, ordinal: 0 };
    const seen = this.#rules.received(key, calledAt, this.#scheduler.now(), process?.task === 'jobs');
    this.secrets.received(key.endpointId, request, this.#scheduler.now());
    const { afterMs, result, retryAfterSeconds } = known.customer.answer(timeoutMs, eventId);
    const ended = this.#slow.requested(key.endpointId, process, this.#scheduler.now());
    await this.#scheduler.sleep(afterMs);
    ended();
    if (process && !process.dead) seen.by = { process, faults: process.faults };
    note(seen, result, this.#scheduler.now(), retryAfterSeconds);
    const answer = result.kind === 'answer' ? String(result.statusCode) : result.error;
    this.#trace.note(
      this.#scheduler.now(),
      new URL(url).host.split('.')[0] ?? '',
      `answered ${eventId.slice(-4)} ${answer}`,
    );
    return result;
  }

  #at(url: string): Known | undefined {
    return this.#known[Number(/customer-(\d+)/.exec(url)?.[1] ?? -1)];
  }
}

function note(seen: SeenRequest, result: SendResult, now: number, retryAfterSeconds: number | undefined): void {
  seen.answeredAt = now;
  if (result.kind === 'answer') seen.statusCode = result.statusCode;
  if (retryAfterSeconds !== undefined) seen.retryAfterSeconds = retryAfterSeconds;
}
