/**
 * Lines about a fault of ours or of a service, in whichever function. One of them may pass by itself; what lasts logs
 * again, because every message, page and entry is tried again, and so is a post.
 */
export const FAULT_LINES = [
  'dispatch.fault',
  'dispatch.read',
  'dispatch.newer',
  'dispatch.not-counted',
  'dispatch.not-hidden',
  'dispatch.not-poisoned',
  'endpoint.job-not-ended',
  'endpoint.not-noted',
  'quota.uncounted',
  'job.alert-not-sent',
  'job.fault',
  'job.newer',
  'job.not-hidden',
  'job.not-poisoned',
  'job.not-sent',
  'manual.dead-letter-kept',
  'manual.not-sent',
  'sweep.fault',
  'usage.not-added',
  'authorizer.failed',
  // Also inside the answer of a batch, whose own status is a success.
  'api.unavailable',
  'api.failed',
  'api.key-use-unnoted',
  'api.refusal-unaudited',
  'api.audit-unconcluded',
] as const;

/** Lines of which one is enough: something was lost, or has ended without a delivery, and nothing tries it again. */
export const LOSS_LINES = ['dispatch.missing', 'fan-out.missing', 'sweep.expired'] as const;

/** Sweep is late, cannot move an entry on, or finds again and again what should have been sent long ago. */
export const BEHIND_LINES = ['sweep.behind', 'sweep.postponed', 'sweep.overdue'] as const;
