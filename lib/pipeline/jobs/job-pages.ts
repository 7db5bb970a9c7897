import type { Job, JobKind } from '../../domain/job.ts';
import type { AlertChannels } from '../../ports/alert-channels.ts';
import { createMatcher } from '../ingest/matcher.ts';
import type { PipelineSettings } from '../settings.ts';
import { type BulkRetryPorts, workRetryPage } from './bulk-retry.ts';
import { type EndpointJob, type EndpointJobPorts, workEndpointPage } from './endpoint-jobs.ts';
import { type ErasePayloadPorts, workErasePayloadPage } from './erase-payload.ts';
import { type EraseTenantPorts, workEraseTenantPage } from './erase-tenant.ts';
import { workExhaustedAlert } from './exhausted-alert.ts';
import { type FanOutPagePorts, workFanOutPage } from './fan-out.ts';
import { mailChannel } from './mail-alert.ts';
import type { PageResult } from './page-result.ts';
import { type ProbePorts, workProbe } from './probe.ts';
import { type RepairPorts, workRepair } from './repair.ts';
import { type ReplayPorts, workReplayPage } from './replay.ts';
import { type ResealPorts, workResealPage } from './reseal.ts';
import { type SettlePagePorts, workSettlePage } from './settle.ts';
import { workStatusAlert } from './status-alert.ts';
import type { AlertTools } from './tell.ts';

/** What the pages of all kinds of jobs need of the world. */
export type PagePorts = AlertTools['ports'] &
  BulkRetryPorts &
  EndpointJobPorts &
  ErasePayloadPorts &
  EraseTenantPorts &
  FanOutPagePorts &
  ProbePorts &
  RepairPorts &
  ReplayPorts &
  ResealPorts &
  SettlePagePorts;

/** Works one page of a job. */
export type PageWork = (job: Job) => Promise<PageResult>;
type WorkOf = (ports: PagePorts, job: Job) => Promise<PageResult>;
type AlertKind = Extract<JobKind, 'status-alert' | 'exhausted-alert'>;

const onEndpoint: WorkOf = (ports, job) => workEndpointPage(ports, job as EndpointJob);

/** How a job of each kind works one page, but for alerts. */
const WORK: Readonly<Record<Exclude<JobKind, AlertKind>, WorkOf>> = {
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

/** Alerts are matched as events are, with what this process remembers of the tenants' endpoints. */
export function createPages(ports: PagePorts, settings: PipelineSettings, given: AlertChannels): PageWork {
  const channels = { ...given, ...mailChannel(ports, settings) };
  const tools: AlertTools = { ports, settings, channels, matcherOf: createMatcher(ports) };
  return (job) => {
    switch (job.kind) {
      case 'status-alert':
        return workStatusAlert(tools, job);
      case 'exhausted-alert':
        return workExhaustedAlert(tools, job);
      default:
        return WORK[job.kind](ports, job);
    }
  };
}
