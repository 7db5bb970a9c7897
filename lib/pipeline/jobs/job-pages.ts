import type { Job, JobKind } from '../../domain/job.ts';
import { type EndpointJob, workEndpointPage } from './endpoint-jobs.ts';
import { workRetryPage } from './bulk-retry.ts';
import { workFanOutPage } from '../ingest/fan-out.ts';
import type { JobPorts, PageResult } from './page-result.ts';
import { workProbe } from './probe.ts';
import { workReplayPage } from './replay.ts';

type PageWork = (ports: JobPorts, job: Job) => Promise<PageResult>;

const onEndpoint: PageWork = (ports, job) => workEndpointPage(ports, job as EndpointJob);

/** How each kind of job works one page. */
const WORK: Readonly<Record<JobKind, PageWork>> = {
  release: onEndpoint,
  discard: onEndpoint,
  abandon: onEndpoint,
  probe: workProbe,
  'fan-out': workFanOutPage,
  retry: workRetryPage,
  replay: workReplayPage,
};

export function workPage(ports: JobPorts, job: Job): Promise<PageResult> {
  return WORK[job.kind](ports, job);
}
