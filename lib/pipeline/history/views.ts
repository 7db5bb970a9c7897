import { maxAttempts } from '../../dialects/retry-presets.ts';
import type { Delivery } from '../../domain/delivery.ts';
import type { Ports } from '../../ports/ports.ts';
import type { HistoryPorts } from './event-deliveries.ts';

/** A page of a list; `nextCursor` is absent on the last one. */
export interface Page<T> {
  data: T[];
  nextCursor?: string;
}

/** A delivery as its history shows it; a pending one without a record is shown as one without attempts. */
export interface DeliveryView {
  delivery: Delivery;
  /** All requests that its schedule allows. */
  maxAttempts: number;
}

/** What a view of a delivery needs: its endpoint has its schedule. */
export type ViewPorts = HistoryPorts & Pick<Ports, 'endpoints'>;

/** With each endpoint's schedule, read once. */
export async function asViews(
  ports: Pick<Ports, 'endpoints'>,
  deliveries: readonly Delivery[],
): Promise<DeliveryView[]> {
  const limits = new Map<string, number>();
  const firsts = new Map(deliveries.map((delivery) => [delivery.endpointId, delivery]));
  await Promise.all(
    [...firsts.values()].map(async ({ tenantId, endpointId }) => {
      const endpoint = await ports.endpoints.get(tenantId, endpointId);
      if (endpoint) limits.set(endpointId, maxAttempts(endpoint.retry));
    }),
  );
  return deliveries.map((delivery) => ({
    delivery,
    maxAttempts: delivery.scheduleBase + (limits.get(delivery.endpointId) ?? delivery.attempts.length),
  }));
}
