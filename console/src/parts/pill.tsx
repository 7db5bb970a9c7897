import type { DeliveryStatus, EndpointStatus } from '@postrider/sdk';
import { t } from '../texts/index.ts';

export type Tone = 'good' | 'wait' | 'bad' | 'held' | 'off';

const OF_ENDPOINT: Record<EndpointStatus, Tone> = { active: 'good', paused: 'held', disabled: 'off', revoked: 'off' };
export const OF_DELIVERY: Record<DeliveryStatus, Tone> = {
  pending: 'wait',
  retrying: 'wait',
  parked: 'wait',
  held: 'held',
  delivered: 'good',
  exhausted: 'bad',
  abandoned: 'off',
};

/** How something is: always a word, never a colour alone. */
export function Pill({ tone, children }: { tone: Tone; children: string }) {
  return <span class={`pill ${tone}`}>{children}</span>;
}

export function EndpointPill({ status }: { status: EndpointStatus }) {
  return <Pill tone={OF_ENDPOINT[status]}>{t.statuses.endpoint[status]}</Pill>;
}

export function DeliveryPill({ status }: { status: DeliveryStatus }) {
  return <Pill tone={OF_DELIVERY[status]}>{t.statuses.delivery[status]}</Pill>;
}
