import { notFound } from '../../../domain/errors.ts';
import { deliveryId } from '../../../domain/ids.ts';
import type { DeliveryView } from '../../../pipeline/history/views.ts';
import type { NumberedKind } from '../../../ports/number-store.ts';
import type { Ports } from '../../../ports/ports.ts';
import type { VeriswarmDeliveryJson } from './schemas.ts';
import { veriswarmDelivery } from './view.ts';

/** The numbers of endpoints, in their order; those that have none get one. */
export function webhookNumbers(
  { numbers }: Pick<Ports, 'numbers'>,
  tenantId: string,
  ids: readonly string[],
): Promise<number[]> {
  return numbers.numbersOf({ tenantId, kind: 'endpoint' }, ids);
}

/** Our id of what has a number. @throws RequestError `not-found` */
export async function idOf(
  { numbers }: Pick<Ports, 'numbers'>,
  tenantId: string,
  kind: NumberedKind,
  number: number,
): Promise<string> {
  const id = await numbers.find({ tenantId, kind }, number);
  if (id === undefined) throw notFound(kind === 'endpoint' ? 'webhook' : 'delivery');
  return id;
}

/** Deliveries as they are shown, with their numbers, those of their endpoints, and of what they repeat. */
export async function numberedDeliveries(
  ports: Pick<Ports, 'numbers' | 'clock'>,
  tenantId: string,
  views: readonly DeliveryView[],
): Promise<VeriswarmDeliveryJson[]> {
  const ids = views.map(({ delivery }) => deliveryId(delivery));
  const repeated = views.map(({ delivery }) => retriedFrom(delivery));
  // Older ones first, so that numbers grow with time.
  const wanted = [...repeated, ...ids].filter((id) => id !== undefined).toSorted();
  const given = await ports.numbers.numbersOf({ tenantId, kind: 'delivery' }, wanted);
  const numberOf = new Map(wanted.map((id, n) => [id, given[n] as number]));
  const endpoints = views.map(({ delivery }) => delivery.endpointId);
  const webhooks = await webhookNumbers(ports, tenantId, endpoints);
  return views.map((view, n) => {
    const id = numberOf.get(ids[n] as string) as number;
    const retried = numberOf.get(repeated[n] ?? '');
    return veriswarmDelivery({ id, webhookId: webhooks[n] as number, retriedFrom: retried }, view, ports.clock.now());
  });
}

function retriedFrom(delivery: DeliveryView['delivery']): string | undefined {
  const { ordinal, retriedFromOrdinal = 0 } = delivery;
  return ordinal === 0 ? undefined : deliveryId({ ...delivery, ordinal: retriedFromOrdinal });
}
