import { dialectNameOf } from '../../dialects/index.ts';
import { defaultRetry } from '../../dialects/retry-presets.ts';
import {
  type Endpoint,
  type EndpointSettings,
  type SealedAuth,
  type SealedHeaders,
  type SealedSecret,
  acceptsEvents,
  isPolled,
} from '../../domain/endpoint.ts';
import { RequestError, changedMeanwhile } from '../../domain/errors.ts';
import { type ChangePorts, existing } from './change-status.ts';
import { followEdit, prepareEdit } from './edit-jobs.ts';
import { changeWithMatching } from './matching.ts';
import { SUPERSEDED, repeatWhileSuperseded } from './superseded.ts';
import { type Expected, refuseUnexpected } from './expected.ts';

/** New values of some settings: null removes one that need not be there. */
type Edit<Settings> = {
  [Name in keyof Settings]?: object extends Pick<Settings, Name>
    ? Exclude<Settings[Name], undefined> | null
    : Settings[Name];
};

/** A validated edit, with what is secret in it sealed. */
export interface SealedEdit extends Edit<EndpointSettings> {
  headers?: SealedHeaders | null;
  auth?: SealedAuth | null;
  standardSecrets?: readonly SealedSecret[];
  privateKeys?: readonly SealedSecret[];
}

/**
 * @param isExpected change nothing unless it holds
 * @throws RequestError `not-found`, `wrong-state` for a revoked endpoint, `invalid-request` for a header in both `headers`
 *   and `auth`, `precondition-failed` when `isExpected` does not hold, `changed-meanwhile` when others change it each time
 */
export async function updateEndpoint(
  ports: ChangePorts,
  tenantId: string,
  endpointId: string,
  edit: SealedEdit,
  isExpected?: Expected,
): Promise<Endpoint> {
  // Also when the value is the same: a process may have died before ingest matched with it.
  const namesMatching = [edit.events, edit.projectId, edit.filter].some((field) => field !== undefined);
  const tryOnce = async () => {
    const endpoint = await existing(ports, tenantId, endpointId);
    refuseUnexpected(endpoint, isExpected);
    if (endpoint.status === 'revoked') {
      throw new RequestError('wrong-state', 'The endpoint is revoked, which is final. Create a new one.');
    }
    if (isPolled(endpoint)) refuseForPoll(edit);
    const edited: Endpoint = {
      ...withoutNulls({ ...endpoint, ...edit, ...retryAt(endpoint, edit) }),
      generation: endpoint.generation + 1,
      updatedAt: ports.clock.now(),
    };
    if (edit.headers || edit.auth) refuseTwice(edited);
    const prepared = await prepareEdit(ports, endpoint, edited);
    const write = () => ports.endpoints.replaceIfGeneration(prepared.endpoint, endpoint.generation);
    const rematches = namesMatching && acceptsEvents(edited);
    if (!(await (rematches ? changeWithMatching(ports, prepared.endpoint, write) : write()))) return SUPERSEDED;
    await followEdit(ports, prepared);
    return prepared.endpoint;
  };
  return repeatWhileSuperseded(ports, tryOnce, () => changedMeanwhile('endpoint'));
}

/** Nothing is sent to it. */
function refuseForPoll({ url, retry, rateLimitPerSecond, circuitBreaker, autoResume }: SealedEdit): void {
  const given = [url, retry, rateLimitPerSecond, circuitBreaker, autoResume].some((value) => value !== undefined);
  if (!given) return;
  const why = 'The endpoint is polled: it has no URL, no retries, no rate limit and no circuit breaker to change.';
  throw new RequestError('wrong-state', why);
}

/** The two may come by calls that do not know of each other. @throws RequestError `invalid-request` */
function refuseTwice({ headers, auth }: Endpoint): void {
  if (!auth || !headers?.names.includes(auth.name)) return;
  const why = `The endpoint would have the header ${auth.name} in \`headers\` and in \`auth\`: remove one of them.`;
  throw new RequestError('invalid-request', why);
}

/** Where a new URL makes another dialect of it, retries that were the old one's preset become the new one's. */
function retryAt(endpoint: Endpoint, { url, retry = endpoint.retry }: SealedEdit): Pick<Endpoint, 'retry'> {
  const [before, after] = [dialectNameOf(endpoint), dialectNameOf({ ...endpoint, ...(url !== undefined && { url }) })];
  const follows = before !== after && 'preset' in retry && retry.preset === before;
  return { retry: follows ? defaultRetry(after) : retry };
}

/** Null and undefined both mean: not there. */
function withoutNulls(fields: object): Endpoint {
  const present = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(present) as unknown as Endpoint;
}
