import type { Job } from '../../../domain/job.ts';
import { BACKUPS_KEPT, CLAIMS_KEPT, SECOND_PASS_PAUSE } from '../../../domain/times.ts';
import { asTimestamp } from '../../schemas/times.ts';
import type { JobJson, TenantErasureJson } from './schemas.ts';

export function jobJson(job: Job): JobJson {
  return {
    id: job.id,
    kind: job.kind,
    endpoint_id: job.endpointId ?? null,
    event_id: job.selection?.eventId ?? null,
    status: job.status,
    processed: job.processed,
    skipped: job.skipped ?? 0,
    erasure: job.kind === 'erase-tenant' ? erasureJson(job) : null,
    created_at: asTimestamp(job.createdAt),
    updated_at: asTimestamp(job.updatedAt),
  };
}

function erasureJson({ removed = {}, status, createdAt, updatedAt }: Job): TenantErasureJson {
  return {
    api_keys: removed.apiKeys ?? 0,
    endpoints: removed.endpoints ?? 0,
    deliveries: removed.deliveries ?? 0,
    events: removed.events ?? 0,
    jobs: removed.jobs ?? 0,
    event_types: removed.eventTypes ?? 0,
    numbers: removed.numbers ?? 0,
    counters: removed.counters ?? 0,
    // A post that was under way may have claimed a key a moment later.
    claims_end_at: asTimestamp(createdAt + CLAIMS_KEPT + SECOND_PASS_PAUSE),
    backups_end_at: status === 'done' ? asTimestamp(updatedAt + BACKUPS_KEPT) : null,
  };
}
