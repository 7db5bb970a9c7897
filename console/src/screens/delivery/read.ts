import { type DeliveryDetail, type Endpoint, type EventDetail, isApiError } from '@postrider/sdk';
import { api } from '../../session/session.ts';

/** A delivery with what it is between. */
export interface Around {
  delivery: DeliveryDetail;
  /** undefined: it was deleted, or its history has expired. */
  endpoint: Endpoint | undefined;
  event: EventDetail | undefined;
  /** Between the attempts of its endpoint, in seconds; empty where they are not known. */
  delays: readonly number[];
}

export async function readAround(id: string, signal: AbortSignal): Promise<Around> {
  const options = { signal };
  const delivery = await api().deliveries.get(id, options);
  const [endpoint, event] = await Promise.all([
    orNone(api().endpoints.get(delivery.endpoint_id, options)),
    orNone(api().events.get(delivery.event_id, options)),
  ]);
  return { delivery, endpoint, event, delays: endpoint ? await delaysOf(endpoint, signal) : [] };
}

async function orNone<Value>(read: Promise<Value>): Promise<Value | undefined> {
  try {
    return await read;
  } catch (error) {
    if (isApiError(error, 'not-found', 'missing-scope')) return undefined;
    throw error;
  }
}

/** A preset is named after the dialect whose retries it is. */
async function delaysOf({ retry }: Endpoint, signal: AbortSignal): Promise<readonly number[]> {
  if ('delays' in retry) return retry.delays;
  const dialects = await api().dialects.list({ signal });
  return dialects.find(({ name }) => name === retry.preset)?.retry_delays ?? [];
}
