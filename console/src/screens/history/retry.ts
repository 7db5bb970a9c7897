import type { Delivery, DeliveryStatus } from '@postrider/sdk';
import { t } from '../../texts/index.ts';

const FINISHED: ReadonlySet<DeliveryStatus> = new Set(['delivered', 'exhausted', 'abandoned']);

/** What a retry of it is called: a finished one is repeated, one that waits goes now. Held ones wait for their endpoint. */
export function retryWords({ status }: Pick<Delivery, 'status'>): string | undefined {
  if (status === 'held' || status === 'pending') return undefined;
  return FINISHED.has(status) ? t.history.retry : t.history.retryNow;
}

/** Is it over, and did it not arrive? */
export const hasFailed = ({ status }: Pick<Delivery, 'status'>) => status === 'exhausted' || status === 'abandoned';
