/** A bug to plant: a piece of a file of lib, what stands in its place, and which invariants may tell. */
export interface Mutant {
  name: string;
  edits: readonly { file: string; find: string; put: string }[];
  /** Numbers of docs/delivery-states.md. */
  breaks: readonly number[];
  /** Where to begin, to save time: the first 2,000 find it as well. */
  from?: number;
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'acknowledge before record',
    edits: [
      {
        file: 'pipeline/dispatch.ts',
        find: 'setAside(attempting, visit, wait) : attempt(attempting, visit);',
        put: `setAside(attempting, visit, wait) : (void attempt(attempting, visit).catch(() => undefined), 'acknowledge');`,
      },
    ],
    breaks: [1, 3, 5, 7],
  },
  {
    name: 'unconditional upsert',
    edits: [
      {
        file: 'adapters/sqlite/delivery-log.ts',
        find: 'AND revision = :readRevision AND',
        put: 'AND (TRUE OR revision = :readRevision) AND',
      },
    ],
    breaks: [1, 3, 5, 7, 9],
  },
  {
    name: 'writes that leave attempts and epoch alone ignore the revision',
    edits: [
      {
        file: 'adapters/sqlite/delivery-log.ts',
        find: 'AND revision = :readRevision AND',
        put: `AND (revision = :readRevision OR (body ->> '$.epoch' = :body ->> '$.epoch'
           AND json_array_length(body, '$.attempts') = json_array_length(:body, '$.attempts'))) AND`,
      },
    ],
    breaks: [6],
  },
  {
    name: 'no epoch raise when sweep sends again',
    edits: [
      {
        file: 'pipeline/sweep.ts',
        find: 'epoch: record.epoch + 1, checkAt, updatedAt: now',
        put: 'epoch: record.epoch, checkAt, updatedAt: now',
      },
    ],
    breaks: [3],
    from: 210,
  },
  {
    name: 'no epoch raise when a delivery is held',
    edits: [
      {
        file: 'pipeline/hold.ts',
        find: 'epoch: base.epoch + 1,\n    heldAt: now,',
        put: 'epoch: base.epoch,\n    heldAt: now,',
      },
    ],
    breaks: [1, 3, 5, 7, 8, 10],
  },
  {
    name: 'lost visibility change',
    edits: [
      {
        file: 'pipeline/retry.ts',
        find: `await ports.queues.hide(visit.queue, visit.message, seconds);\n      return 'keep';`,
        put: `return 'acknowledge';`,
      },
    ],
    breaks: [5],
  },
  {
    name: 'the release job is written after the resume',
    edits: [
      {
        file: 'pipeline/job-start.ts',
        find: 'const created = await ports.jobs.createUnlessExists(job);',
        put: 'const created = true;',
      },
      {
        file: 'pipeline/job-start.ts',
        find: 'await sendStep(ports, job, 0);\n  } catch',
        put: 'await ports.jobs.createUnlessExists(job);\n    await sendStep(ports, job, 0);\n  } catch',
      },
    ],
    breaks: [10],
  },
  {
    name: 'no re-read after held',
    edits: [
      {
        file: 'pipeline/hold.ts',
        find: `if (present?.status === 'active') await releaseHeld(ports, [held]);`,
        put: 'void present;',
      },
    ],
    breaks: [10],
    from: 750,
  },
  {
    name: 'breaker without generation',
    edits: [
      {
        file: 'pipeline/endpoint-health.ts',
        find: `'trip', endpoint.generation)`,
        put: `'trip')`,
      },
    ],
    breaks: [15],
  },
  {
    name: 'a breaker that counts failures of every generation',
    edits: [
      {
        file: 'adapters/sqlite/endpoint-health-store.ts',
        find: 'failures = CASE WHEN :generation > old.generation THEN 1',
        put: 'failures = CASE WHEN FALSE THEN 1',
      },
      {
        file: 'adapters/sqlite/endpoint-health-store.ts',
        find: 'CASE WHEN :generation > old.generation OR old.failures = 0',
        put: 'CASE WHEN old.failures = 0',
      },
    ],
    breaks: [15],
  },
  {
    name: 'a brake that stops first attempts only',
    edits: [{ file: 'pipeline/dispatch.ts', find: 'if (braked) return', put: 'if (braked && !record) return' }],
    breaks: [13],
  },
  {
    name: 'a rate slot that nobody waits for',
    edits: [{ file: 'pipeline/rate-limit.ts', find: 'if (dueAt > now) return', put: 'if (dueAt < 0) return' }],
    breaks: [12],
  },
  {
    name: 'a probe without a lease',
    edits: [{ file: 'pipeline/jobs.ts', find: `found.kind === 'probe' ?`, put: `found.step < 0 ?` }],
    breaks: [8],
  },
  {
    name: 'an event kept before its pages',
    edits: [{ file: 'pipeline/keep-event.ts', find: 'await keepPages(', put: 'void keepPages(' }],
    breaks: [1],
  },
  {
    name: 'a watermark that is never stored',
    edits: [{ file: 'pipeline/sweep.ts', find: ' || stored === undefined', put: '' }],
    breaks: [5],
  },
  {
    name: 'a look-back that leaves minutes out',
    edits: [{ file: 'pipeline/sweep.ts', find: 'LOOK_BACK_DAYS + 1 }', put: 'LOOK_BACK_DAYS }' }],
    breaks: [5],
    from: 280,
  },
  {
    name: 'each of the failures that trip the breaker probes',
    edits: [{ file: 'pipeline/probe.ts', find: ' || endpoint.changeJobId !== job.id', put: '' }],
    breaks: [8],
    from: 280,
  },
  {
    name: 'a 410 that disables what was made of the endpoint since',
    edits: [{ file: 'pipeline/endpoint-health.ts', find: `id, 'gone', generation)`, put: `id, 'gone')` }],
    breaks: [15],
    from: 320,
  },
  {
    name: 'a discard that leaves behind what was held too late',
    edits: [
      {
        file: 'pipeline/endpoint-jobs.ts',
        find: `const released = endpoint.status === 'active' ?`,
        put: `const released = endpoint.status === 'revoked' ?`,
      },
    ],
    breaks: [10],
    from: 510,
  },
  {
    name: 'claim that replaces another',
    edits: [
      {
        file: 'adapters/sqlite/idempotency-claims.ts',
        find: 'WHERE old.expires_at <= :now',
        put: 'WHERE TRUE OR old.expires_at <= :now',
      },
    ],
    breaks: [2],
  },
  {
    name: 'repeated post that sends at once',
    edits: [{ file: 'pipeline/fan-out.ts', find: '{ delaySeconds: REPEAT_DELAY_SECONDS }', put: '{}' }],
    breaks: [3],
  },
  {
    name: 'repeated post that relies on the first to have sent',
    edits: [
      {
        file: 'pipeline/ingest.ts',
        find: 'await (isPaged(kept.event) ?',
        put: 'if (!kept.before) await (isPaged(kept.event) ?',
      },
    ],
    breaks: [1, 5],
  },
  {
    name: 'batch that accepts what the queue refused',
    edits: [
      {
        file: 'pipeline/ingest-batch.ts',
        find: 'return refusals.has(step.event) ?',
        put: 'return refusals.size > 99 ?',
      },
    ],
    breaks: [1, 5],
  },
  {
    name: 'job that forgets what it has repeated',
    edits: [
      {
        file: 'pipeline/repeat.ts',
        find: 'records.find(({ jobId }) => jobId === job.id)',
        put: 'records.find(() => false)',
      },
    ],
    breaks: [16],
  },
  {
    name: 'job that repeats what still waits',
    edits: [{ file: 'pipeline/repeat.ts', find: 'latest ? !isFinal(latest.status) :', put: 'latest ? false :' }],
    breaks: [16],
  },
  {
    name: 'replay that does not note the endpoint it adds',
    edits: [
      {
        file: 'pipeline/repeat.ts',
        find: 'if (!latest) await ports.events',
        put: 'if (latest === null) await ports.events',
      },
    ],
    breaks: [11],
  },
  {
    name: 'retry that leaves the dead letter of what it repeats',
    edits: [
      {
        file: 'pipeline/repeat.ts',
        find: "while (present?.status === 'exhausted')",
        put: "while (present?.status === 'held')",
      },
    ],
    breaks: [9],
  },
  {
    name: 'retry by hand without an epoch raise',
    edits: [
      {
        file: 'pipeline/retry.ts',
        find: 'return { epoch: record.epoch + 1, dueAt: now,',
        put: 'return { epoch: record.epoch, dueAt: now,',
      },
    ],
    breaks: [6, 9],
  },
  {
    name: 'no sweep of half-finished dead letters',
    edits: [
      {
        file: 'pipeline/sweep.ts',
        find: `if (act === 'dead-letter' && record.dlqPending) await`,
        put: `if (act === 'dead-letter' && record.attempts.length < 0) await`,
      },
    ],
    breaks: [5, 9],
  },
  {
    name: 'exhausted without a mark',
    edits: [
      {
        file: 'pipeline/record-result.ts',
        find: 'dlqPending: true,\n        checkAt: now + CHECK_GRACE,',
        put: '',
      },
    ],
    breaks: [9],
  },
  {
    name: 'success dropped on a conflict',
    edits: [{ file: 'pipeline/record-result.ts', find: 'if (!outcome.success && (base', put: 'if ((base' }],
    breaks: [7],
  },
  {
    name: 'sweep that moves the due time',
    edits: [
      {
        file: 'pipeline/sweep.ts',
        find: 'status: waitingStatus(record), epoch: record.epoch + 1, checkAt,',
        put: 'status: waitingStatus(record), epoch: record.epoch + 1, dueAt: now, checkAt,',
      },
    ],
    breaks: [6],
  },
  {
    name: 'a request on an old reading of its endpoint',
    edits: [{ file: 'pipeline/times.ts', find: 'READ_IS_FRESH = SECOND', put: 'READ_IS_FRESH = HOUR' }],
    breaks: [6, 7, 8],
  },
  {
    name: 'a throttled table counts as a bug',
    edits: [
      {
        file: 'pipeline/faults.ts',
        find: 'cause instanceof ServiceFault ? await leaveDeliveries',
        put: 'cause === undefined ? await leaveDeliveries',
      },
    ],
    breaks: [3, 14],
  },
  {
    name: 'a new endpoint without a new version of the list',
    edits: [
      {
        file: 'pipeline/endpoint-changes.ts',
        find: 'await ports.endpoints.raiseVersion(tenantId);\n  return { endpoint, signingSecret };',
        put: 'return { endpoint, signingSecret };',
      },
    ],
    breaks: [1],
  },
  {
    name: 'what a replica does not show counts as gone',
    edits: [
      {
        file: 'pipeline/visit.ts',
        find: 'const unsure = visits.filter(lacksSomething);',
        put: 'const unsure = visits.filter(() => false);',
      },
    ],
    breaks: [5],
  },
  {
    name: 'a replica is asked again and again',
    edits: [
      {
        file: 'pipeline/visit.ts',
        find: `const [again] = await look(ports, [visit], 'consistent');`,
        put: `const [again] = await look(ports, [visit], 'eventual');`,
      },
    ],
    breaks: [5, 7],
  },
  {
    name: 'retries that a replica answers',
    edits: [
      {
        file: 'pipeline/dispatch.ts',
        find: `look(ports, arrivals, 'consistent')`,
        put: `look(ports, arrivals, 'eventual')`,
      },
    ],
    breaks: [5, 6],
  },
  {
    name: 'a Retry-After that is not kept',
    edits: [{ file: 'domain/retry-schedule.ts', find: 'question.retryAfterSeconds ?? 0', put: '0' }],
    breaks: [6],
  },
];
