import type * as z from 'zod';
import type { PostedEvent } from '../../../pipeline/ingest/ingest.ts';
import { tooLarge } from '../../http/read-body.ts';
import type { eventPost } from './schemas.ts';

/**
 * `data` and `trace` become JSON text again: the values that were posted.
 * @throws RequestError `too-large`
 */
export function postedEvent(body: z.output<typeof eventPost>, maxBytes: number): PostedEvent {
  const { type, project, trace, external_id: externalId, occurred_at: occurredAt } = body;
  const data = JSON.stringify(body.data);
  if (Buffer.byteLength(data) > maxBytes) throw tooLarge(maxBytes);
  return {
    type,
    data,
    ...(project && { project: { id: project.id, ...(project.name !== undefined && { name: project.name }) } }),
    ...(trace !== undefined && { trace: JSON.stringify(trace) }),
    ...(externalId !== undefined && { externalId }),
    ...(occurredAt !== undefined && { occurredAt }),
  };
}
