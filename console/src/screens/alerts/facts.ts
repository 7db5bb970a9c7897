import { t } from '../../texts/index.ts';

/** An operational event in words. */
interface Facts {
  /** What people call its endpoint. */
  name: string;
  endpointId: string | undefined;
  what: string;
}

/** @param data of the event: null once its payload is deleted */
export function factsOf(type: string, data: unknown): Facts {
  const { endpoint_id: id, label, url, reason, count, more } = isRecord(data) ? data : {};
  const name = [label, url, id].find((one) => typeof one === 'string') as string | undefined;
  return {
    name: name ?? t.alerts.gone,
    endpointId: typeof id === 'string' ? id : undefined,
    what: whatOf(type, typeof reason === 'string' ? reason : '', typeof count === 'number' ? count : 0, more === true),
  };
}

function whatOf(type: string, reason: string, count: number, hasMore: boolean): string {
  switch (type) {
    case 'postrider.endpoint.paused':
      return reason === 'breaker' ? t.alerts.pausedByBreaker : t.alerts.paused;
    case 'postrider.endpoint.resumed':
      return t.alerts.resumed;
    case 'postrider.endpoint.disabled':
      return reason === 'gone' ? t.alerts.disabledAsGone : t.alerts.disabled;
    case 'postrider.delivery.exhausted':
      return t.alerts.exhausted(count, hasMore);
    default:
      return type;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
