import { ServiceFault } from '../../../domain/errors.ts';
import type { RateSlots, SlotRequest } from '../../../ports/rate-slots.ts';
import type { DocumentTable } from '../access/document-table.ts';
import { slotKey } from '../layout/keys.ts';

/** Dispatchers can interfere with each other a few times, but not for ever. */
const MAX_ROUNDS = 5;

/** Each reservation is one conditional update: the slot after the last one, or now when that is past. */
export class DynamoRateSlots implements RateSlots {
  readonly #config: DocumentTable;

  constructor(config: DocumentTable) {
    this.#config = config;
  }

  async reserve(request: SlotRequest): Promise<number> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const nextFreeAt =
        (await this.#queueBehind(request)) ??
        (await this.#startNowUnlessBusy(request)) ??
        (await this.#startNowIfOutdated(request));
      if (nextFreeAt !== undefined) return Math.ceil(nextFreeAt - request.intervalMs);
    }
    throw new ServiceFault(`The rate slots of ${request.endpointId} changed during every attempt to reserve one.`);
  }

  #queueBehind({ intervalMs, ...request }: SlotRequest): Promise<number | undefined> {
    const change = { text: 'SET #nextFreeAt = #nextFreeAt + :interval', values: { ':interval': intervalMs } };
    return this.#update(request, change, '#generation >= :generation AND #nextFreeAt > :now');
  }

  #startNowUnlessBusy(request: SlotRequest): Promise<number | undefined> {
    const change = { text: 'SET #generation = :generation, #nextFreeAt = :next', values: afterNow(request) };
    const condition =
      'attribute_not_exists(#pk) OR #generation < :generation OR (#generation = :generation AND #nextFreeAt <= :now)';
    return this.#update(request, change, condition);
  }

  /** A dispatcher that read the endpoint before its last change gets a slot, and keeps the newer generation. */
  #startNowIfOutdated(request: SlotRequest): Promise<number | undefined> {
    const change = { text: 'SET #nextFreeAt = :next', values: afterNow(request) };
    return this.#update(request, change, '#generation > :generation AND #nextFreeAt <= :now');
  }

  async #update(
    { tenantId, endpointId, generation, now }: Omit<SlotRequest, 'intervalMs'>,
    change: { text: string; values: Record<string, unknown> },
    condition: string,
  ): Promise<number | undefined> {
    const values = { ':generation': generation, ':now': now };
    const item = await this.#config.updateIf(slotKey(tenantId, endpointId), change, { text: condition, values });
    return item && Number(item.nextFreeAt);
  }
}

function afterNow({ now, intervalMs }: SlotRequest): Record<string, unknown> {
  return { ':next': now + intervalMs };
}
