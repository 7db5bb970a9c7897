import type { RateSlots, SlotRequest } from '../../lib/ports/rate-slots.ts';
import type { Evidence } from './evidence.ts';

/** Slots are whole milliseconds. */
const ROUNDING = 2;

/** When the next slot of an endpoint is free at the latest, milliseconds since the Unix epoch. */
interface Sequence {
  generation: number;
  freeAt: number;
}

/** 12: a limited endpoint gets its whole limit: no slot is later than the one before it asks for. */
export class SlotRules {
  readonly #seen: Evidence;
  readonly #sequences = new Map<string, Sequence>();

  constructor(evidence: Evidence) {
    this.#seen = evidence;
  }

  observed(slots: RateSlots): RateSlots {
    return {
      reserve: async (request) => {
        const slot = await slots.reserve(request);
        this.#judge(request, slot);
        return slot;
      },
    };
  }

  #judge({ endpointId, generation, now }: SlotRequest, slot: number): void {
    const perSecond = this.#limitOf(endpointId, generation);
    if (perSecond === undefined) return;
    const last = this.#sequences.get(endpointId);
    const freeAt = last && last.generation >= generation ? Math.max(now, last.freeAt) : now;
    if (slot > freeAt + ROUNDING)
      this.#seen.fail(12, `${endpointId}: a slot ${slot - freeAt} ms after a free one`, now);
    const newest = Math.max(generation, last?.generation ?? 0);
    this.#sequences.set(endpointId, { generation: newest, freeAt: slot + 1000 / perSecond });
  }

  #limitOf(endpointId: string, generation: number): number | undefined {
    const version = this.#seen.versionsOf(endpointId).find(({ endpoint }) => endpoint.generation === generation);
    return version?.endpoint.rateLimitPerSecond;
  }
}
