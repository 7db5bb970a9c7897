import { countEndpoints } from '../../domain/event.ts';
import { eventOfFanOutJob } from '../../domain/ids.ts';
import type { Job } from '../../domain/job.ts';
import type { Ports } from '../../ports/ports.ts';
import { endpointPageOf, isPaged } from '../delivery/event-endpoints.ts';
import { firstMessages } from '../delivery/messages.ts';
import { FINISHED, type PageResult } from './page-result.ts';

export type FanOutPagePorts = Pick<Ports, 'events' | 'queues' | 'log'>;

/**
 * Sends one page's first messages; the cursor is the page's index. A crash before the cursor is written sends the page
 * again: the deliveries that have moved on since acknowledge it.
 */
export async function workFanOutPage(ports: FanOutPagePorts, job: Job): Promise<PageResult> {
  const event = await ports.events.get(job.tenantId, eventOfFanOutJob(job.id));
  if (!event || !isPaged(event)) {
    ports.log.error('fan-out.missing', new Error('the event of a fan-out is gone'), { job_id: job.id });
    return FINISHED;
  }
  const { tenantId, id, type } = event;
  const index = Number(job.cursor ?? 0);
  const endpointIds = await endpointPageOf(ports, event, index);
  await ports.queues.send('deliveries', firstMessages(tenantId, id, endpointIds));
  const done = index + 1 >= event.endpointPages.pages;
  if (done) {
    const deliveries = countEndpoints(event);
    ports.log.info('fan-out.done', { tenant_id: tenantId, event_id: id, event_type: type, deliveries });
  }
  return { processed: endpointIds.length, cursor: String(index + 1), done, nextInSeconds: 0 };
}
