import type { Job, JobKind } from '../../domain/job.ts';
import { type BulkRetryPorts, workRetryPage } from './bulk-retry.ts';
import { type EndpointJob, type EndpointJobPorts, workEndpointPage } from './endpoint-jobs.ts';
import { type ErasePayloadPorts, workErasePayloadPage } from './erase-payload.ts';
import { type EraseTenantPorts, workEraseTenantPage } from './erase-tenant.ts';
import { type FanOutPagePorts, workFanOutPage } from './fan-out.ts';
import type { PageResult } from './page-result.ts';
import { type ProbePorts, workProbe } from './probe.ts';
import { type RepairPorts, workRepair } from './repair.ts';
import { type ReplayPorts, workReplayPage } from './replay.ts';
import { type ResealPorts, workResealPage } from './reseal.ts';
import { type SettlePagePorts, workSettlePage } from './settle.ts';

/** What the pages of all kinds of jobs need of the world. */
export type PagePorts = BulkRetryPorts &
  EndpointJobPorts &
  ErasePayloadPorts &
  EraseTenantPorts &
  FanOutPagePorts &
  ProbePorts &
  RepairPorts &
  ReplayPorts &
  ResealPorts &
  SettlePagePorts;

type PageWork = (ports: PagePorts, job: Job) => Promise<PageResult>;

const onEndpoint: PageWork = (ports, job) => workEndpointPage(ports, job as EndpointJob);

/** How each kind of job works one page. */
const WORK: Readonly<Record<JobKind, PageWork>> = {
  release: onEndpoint,
  discard: onEndpoint,
  'rate-change': onEndpoint,
  abandon: onEndpoint,
  probe: workProbe,
  'fan-out': workFanOutPage,
  retry: workRetryPage,
  replay: workReplayPage,
  repair: workRepair,
  'erase-payload': workErasePayloadPage,
  'erase-tenant': workEraseTenantPage,
  reseal: workResealPage,
  settle: workSettlePage,
};

export function workPage(ports: PagePorts, job: Job): Promise<PageResult> {
  return WORK[job.kind](ports, job);
}
