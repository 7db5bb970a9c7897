import type { Job } from '../../../domain/job.ts';
import { asTimestamp } from '../../schemas/times.ts';
import type { JobJson } from './schemas.ts';

export function jobJson(job: Job): JobJson {
  return {
    id: job.id,
    kind: job.kind,
    endpoint_id: job.endpointId ?? null,
    event_id: job.selection?.eventId ?? null,
    status: job.status,
    processed: job.processed,
    skipped: job.skipped ?? 0,
    created_at: asTimestamp(job.createdAt),
    updated_at: asTimestamp(job.updatedAt),
  };
}
