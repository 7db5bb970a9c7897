import type { Mutant } from './mutant.ts';

/** Bugs in what an endpoint's state does to its deliveries. */
export const ENDPOINT_MUTANTS: readonly Mutant[] = [
  {
    name: 'no epoch raise when a delivery is held',
    edits: [
      {
        file: 'domain/delivery-changes/stops.ts',
        find: 'epoch: record.epoch + 1,\n    heldAt: now,',
        put: 'epoch: record.epoch,\n    heldAt: now,',
      },
    ],
    breaks: [1, 3, 5, 7, 8, 10],
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
        find: 'await sendStep(ports, job, delaySeconds);\n  } catch',
        put: 'await ports.jobs.createUnlessExists(job);\n    await sendStep(ports, job, delaySeconds);\n  } catch',
      },
    ],
    breaks: [10],
  },
  {
    name: 'no re-read after held',
    edits: [
      {
        file: 'pipeline/dispatch/no-attempt.ts',
        find: `if (present?.status === 'active') await releaseHeld(ports, [record]);`,
        put: 'void present;',
      },
    ],
    breaks: [10],
  },
  {
    name: 'a breaker that counts failures of every generation',
    edits: [
      {
        file: 'adapters/sqlite/stores/endpoint-health-store.ts',
        find: 'failures = CASE WHEN :generation > old.generation THEN 1',
        put: 'failures = CASE WHEN FALSE THEN 1',
      },
      {
        file: 'adapters/sqlite/stores/endpoint-health-store.ts',
        find: 'CASE WHEN :generation > old.generation OR old.failures = 0',
        put: 'CASE WHEN old.failures = 0',
      },
    ],
    breaks: [15],
  },
  {
    name: 'a brake that stops first attempts only',
    edits: [
      { file: 'pipeline/dispatch/dispatch.ts', find: 'if (braked) return', put: 'if (braked && !record) return' },
    ],
    breaks: [13],
  },
  {
    name: 'a rate slot that nobody waits for',
    edits: [{ file: 'pipeline/dispatch/rate-limit.ts', find: 'if (dueAt > now) return', put: 'if (dueAt < 0) return' }],
    breaks: [12],
  },
  {
    name: 'slots at half of the limit',
    edits: [
      {
        file: 'pipeline/dispatch/rate-limit.ts',
        find: 'const intervalMs = 1000 / endpoint.rateLimitPerSecond;',
        put: 'const intervalMs = 2000 / endpoint.rateLimitPerSecond;',
      },
    ],
    breaks: [12],
  },
  {
    name: 'a probe without a lease',
    edits: [{ file: 'pipeline/jobs/jobs.ts', find: `found.kind === 'probe' ?`, put: `found.step < 0 ?` }],
    breaks: [8],
  },
  {
    name: 'each of the failures that trip the breaker probes',
    edits: [{ file: 'pipeline/jobs/probe.ts', find: ' || endpoint.changeJobId !== job.id', put: '' }],
    breaks: [8],
  },
  {
    name: 'a 410 that disables what was made of the endpoint since',
    edits: [{ file: 'pipeline/endpoints/health.ts', find: `id, 'gone', generation)`, put: `id, 'gone')` }],
    breaks: [15],
  },
  {
    name: 'a 410 that disables nothing',
    edits: [
      {
        file: 'pipeline/endpoints/health.ts',
        find: 'if (outcome.gone && goneDisables) {',
        put: 'if (outcome.gone && !goneDisables) {',
      },
    ],
    breaks: [15],
  },
  {
    name: 'a breaker that pauses nothing',
    edits: [
      {
        file: 'pipeline/endpoints/health.ts',
        find: 'if (isOn && breakerTrips(counted, ports.clock.now(), breaker)) await',
        put: 'if (!isOn && breakerTrips(counted, ports.clock.now(), breaker)) await',
      },
    ],
    breaks: [15],
  },
  {
    name: 'a probe whose success resumes nothing',
    edits: [
      {
        file: 'pipeline/jobs/probe.ts',
        find: "const resumed = await changeStatus(ports, tenantId, endpointId, 'resume', snapshot.endpoint?.generation);",
        put: "const resumed = await changeStatus(ports, tenantId, endpointId, 'resume', -1);",
      },
    ],
    breaks: [15],
  },
  {
    name: 'a discard that leaves behind what was held too late',
    edits: [
      {
        file: 'pipeline/jobs/endpoint-jobs.ts',
        find: `const released = endpoint.status === 'active' ?`,
        put: `const released = endpoint.status === 'revoked' ?`,
      },
    ],
    breaks: [10],
  },
  {
    name: 'a request on an old reading of its endpoint',
    edits: [{ file: 'domain/times.ts', find: 'READ_IS_FRESH = SECOND', put: 'READ_IS_FRESH = HOUR' }],
    breaks: [6, 7, 8],
  },
];
