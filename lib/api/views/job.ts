import type { Job } from '../../domain/job.ts';
import type { JobJson } from '../schemas/job.ts';
import { instant } from './instant.ts';

export function jobJson(job: Job): JobJson {
  return {
    id: job.id,
    kind: job.kind,
    endpoint_id: job.endpointId ?? null,
    event_id: job.selection?.eventId ?? null,
    status: job.status,
    processed: job.processed,
    skipped: job.skipped ?? 0,
    created_at: instant(job.createdAt),
    updated_at: instant(job.updatedAt),
  };
}
