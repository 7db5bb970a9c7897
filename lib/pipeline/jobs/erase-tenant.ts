import { type Endpoint, acceptsEvents } from '../../domain/endpoint.ts';
import type { Job, RemovedCounts, TenantPart } from '../../domain/job.ts';
import { ERASING_TIME, SECOND_PASS_PAUSE } from '../../domain/times.ts';
import type { Ports } from '../../ports/ports.ts';
import type { RemovablePart } from '../../ports/tenant-data.ts';
import { FINISHED, type PageResult } from './page-result.ts';
import { cursorAt, placeOf } from './place.ts';

export type EraseTenantPorts = Pick<
  Ports,
  'clock' | 'endpoints' | 'tenants' | 'tenantData' | 'factors' | 'alertAddresses' | 'brakes'
>;

/** How many endpoints one look shuts. */
const PAGE = 100;
/** How much one look removes. */
const REMOVED_AT_ONCE = 500;
/** What a page that crashed has removed is not counted: no more than so many looks. */
const MAX_LOOKS = 50;
/** Endpoints that are shut at the same time. */
const PARALLEL = 16;

/** `shut`: what is sent to; `settings`: what the platform has set, the second factor, and where alerts are mailed. */
type Stage = 'shut' | 'settings' | RemovablePart;

const ENDS_ACCESS = ['apiKeys', 'jobs', 'eventTypes', 'numbers', 'settings'] as const;

/**
 * The first pass shuts the endpoints, and ends whatever could make more. The second one finds what was under way then, and
 * removes the rest: endpoints stay until then, because their deliveries are found by them.
 */
const STAGES: Readonly<Record<1 | 2, readonly Stage[]>> = {
  1: ['shut', ...ENDS_ACCESS],
  2: ['shut', ...ENDS_ACCESS, 'endpoints', 'events', 'counters'],
};

/** The pass, the stage's index in it, and where the stage goes on. */
type Place = [pass: 1 | 2, stage: number, after?: string];

/** What one look of a stage has done. */
interface Look {
  removed: RemovedCounts;
  /** An endpoint was shut. */
  shut?: boolean;
  /** Where it goes on; absent: from its beginning. */
  after?: string;
  done: boolean;
}

/** One page of the end of a tenant: as many looks as there is time for. */
export async function workEraseTenantPage(ports: EraseTenantPorts, job: Job): Promise<PageResult> {
  const end = ports.clock.now() + ERASING_TIME;
  const removed: RemovedCounts = {};
  let page = await workLook(ports, job);
  for (let looks = 1; ; looks += 1) {
    addTo(removed, page.removed);
    const isLast = page.done || page.checkAt !== undefined || looks === MAX_LOOKS || ports.clock.now() >= end;
    if (isLast) return { ...page, processed: countOf(removed), removed };
    page = await workLook(ports, { ...job, ...(page.cursor !== undefined && { cursor: page.cursor }) });
  }
}

function addTo(removed: RemovedCounts, more: RemovedCounts = {}): void {
  for (const [part, count] of Object.entries(more) as [TenantPart, number][])
    removed[part] = (removed[part] ?? 0) + count;
}

/** Looks at one stage after the other, until there is something to do. */
async function workLook(ports: EraseTenantPorts, job: Job): Promise<PageResult> {
  const [pass, first, after] = placeOf<Place>(job, [1, 0]);
  if (first === 0 && after === undefined && !(await bury(ports, job))) return FINISHED;
  for (let stage = first; ; stage += 1) {
    const name = STAGES[pass][stage];
    if (name === undefined) return pass === 1 ? secondPassLater(ports) : FINISHED;
    const look = await lookAt(ports, job, name, stage === first ? after : undefined);
    // An endpoint was being made when the tenant was erased: what is under way to it ends first.
    if (pass === 2 && look.shut) return secondPassLater(ports);
    const isIdle = look.done && countOf(look.removed) === 0;
    if (!isIdle) return endOfLook(look, [pass, look.done ? stage + 1 : stage]);
  }
}

/**
 * The call may have died before it did this, and what was under way then may have written into the tombstone.
 * @returns false: another job erases the tenant
 */
async function bury({ tenants }: EraseTenantPorts, { tenantId, id, createdAt }: Job): Promise<boolean> {
  const tombstone = await tenants.erase(tenantId, { at: createdAt, jobId: id });
  return tombstone?.erasure?.jobId === id;
}

function endOfLook({ removed, after, done }: Look, [pass, stage]: Place): PageResult {
  const place: Place = after === undefined || done ? [pass, stage] : [pass, stage, after];
  return { processed: countOf(removed), removed, cursor: cursorAt(place), done: false, nextInSeconds: 0 };
}

function secondPassLater({ clock }: Pick<Ports, 'clock'>): PageResult {
  const checkAt = clock.now() + SECOND_PASS_PAUSE;
  return { processed: 0, cursor: cursorAt<Place>([2, 0]), done: false, nextInSeconds: 0, checkAt };
}

async function lookAt(ports: EraseTenantPorts, job: Job, stage: Stage, after: string | undefined): Promise<Look> {
  switch (stage) {
    case 'shut':
      return shutEndpoints(ports, job.tenantId, after);
    case 'settings':
      return removeSettings(ports, job.tenantId);
    default:
      return ports.tenantData.removeSome(job.tenantId, stage, REMOVED_AT_ONCE, job.id);
  }
}

async function shutEndpoints(ports: EraseTenantPorts, tenantId: string, after: string | undefined): Promise<Look> {
  const { endpoints, next } = await ports.endpoints.page(tenantId, after, PAGE);
  const open = endpoints.filter((endpoint) => !isBare(endpoint));
  for (let start = 0; start < open.length; start += PARALLEL) {
    await Promise.all(open.slice(start, start + PARALLEL).map((endpoint) => shut(ports, endpoint)));
  }
  return { removed: {}, shut: open.length > 0, done: next === undefined, ...(next !== undefined && { after: next }) };
}

/** Whatever becomes of it meanwhile. */
async function shut(ports: EraseTenantPorts, read: Endpoint): Promise<void> {
  let present: Endpoint | undefined = read;
  while (present && !isBare(present)) {
    const { generation }: Endpoint = present;
    if (await ports.endpoints.replaceIfGeneration(bare(present, ports.clock.now()), generation)) return;
    present = await ports.endpoints.get(read.tenantId, read.id);
  }
}

/** Of a bare endpoint; no other has it. */
const NO_URL = '';

function isBare(endpoint: Endpoint): boolean {
  return !acceptsEvents(endpoint) && endpoint.url === NO_URL;
}

/** What says that it was there, and is shut for good: nothing of what it was. */
function bare({ tenantId, id, shard, generation, secretsRevision, createdAt }: Endpoint, now: number): Endpoint {
  return {
    tenantId,
    id,
    url: NO_URL,
    events: [],
    dialect: 'standard',
    status: 'revoked',
    statusReason: 'deleted',
    ...(shard !== undefined && { shard }),
    generation: generation + 1,
    ...(secretsRevision !== undefined && { secretsRevision }),
    secrets: [],
    retry: { delays: [] },
    timeoutSeconds: 1,
    createdAt,
    updatedAt: now,
  };
}

async function removeSettings({ factors, alertAddresses, brakes }: EraseTenantPorts, tenantId: string): Promise<Look> {
  await factors.remove(tenantId);
  await alertAddresses.remove(tenantId);
  if ((await brakes.get({ tenantId })) !== undefined) await brakes.release({ tenantId });
  return { removed: {}, done: true };
}

function countOf(removed: RemovedCounts): number {
  return Object.values(removed).reduce((sum, count) => sum + count, 0);
}
