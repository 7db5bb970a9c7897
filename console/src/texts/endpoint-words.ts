import type { Endpoint } from '@postrider/sdk';
import { t } from './index.ts';

/** What people call it; without a label, the host and path of its URL. One that is polled has none. */
export function nameOf({ label, url, kind }: Pick<Endpoint, 'label' | 'url' | 'kind'>): string {
  if (label !== null) return label;
  return kind === 'poll' ? t.endpoints.polled : url.replace(/^https?:\/\//, '');
}

/** What it gets, in a line. */
export function eventsOf({ events }: Pick<Endpoint, 'events'>): string {
  return events.includes('*') ? t.endpoints.everyEvent : events.join(', ');
}

export function dialectOf({ dialect }: Pick<Endpoint, 'dialect'>): string {
  return t.endpoints.dialects[dialect] ?? dialect;
}

/** Why it is as it is; undefined where there is nothing to say. */
export function reasonOf({ status, status_reason }: Pick<Endpoint, 'status' | 'status_reason'>): string | undefined {
  return t.statuses.endpointReason[`${status}.${status_reason}`];
}
