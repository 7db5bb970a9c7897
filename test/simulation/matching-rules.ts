import { type Endpoint, acceptsEvents } from '../../lib/domain/endpoint.ts';
import type { Event } from '../../lib/domain/event.ts';
import { matches } from '../../lib/domain/subscription.ts';
import type { Acceptance, EndpointVersion, Evidence } from './evidence.ts';

/** Milliseconds for which a call may still be under way. */
const LONGEST_CALL = 60_000;

/**
 * 18: an event that is posted after the answer to a change is matched with it: it goes to the endpoint, or it does not.
 * What two changes at once leave behind for a moment is not judged.
 */
export function judgeMatching(
  seen: Evidence,
  event: Pick<Event, 'id' | 'type' | 'endpointIds' | 'acceptedAt'>,
  { askedAt, answeredAt }: Pick<Acceptance, 'askedAt' | 'answeredAt'>,
  fail: (invariant: number, what: string) => void,
): void {
  const since = Math.min(askedAt, event.acceptedAt);
  const takes = ({ endpoint }: EndpointVersion) => acceptsEvents(endpoint) && matches(endpoint, event);
  for (const [endpointId, versions] of seen.endpoints) {
    const changes = versions.filter((version, nth) => isRematched(versions[nth - 1]?.endpoint, version.endpoint));
    const inForce = changes.findLastIndex((change) => toldAt(change) < since);
    const during = inForce === -1 ? [] : changes.slice(inForce).filter(({ at }) => at <= answeredAt);
    if (during.length === 0) continue;
    const goes = event.endpointIds.includes(endpointId);
    if (!goes && during.every(takes)) fail(18, `${event.id} does not go to ${endpointId}`);
    const quiet = changes.every((change) => change.at > answeredAt || toldAt(change) < since);
    const repeats = seen.subscribed.some(
      (put) => put.endpointId === endpointId && isRepeat(put, during[0]) && put.at > since - LONGEST_CALL,
    );
    if (goes && quiet && !repeats && !during.some(takes)) fail(18, `${event.id} goes to ${endpointId}`);
  }
}

/** A call that finds its change made already writes what is matched again, and a newer change may come in between. */
function isRepeat(put: Evidence['subscribed'][number], inForce: EndpointVersion | undefined): boolean {
  return inForce !== undefined && put.generation < inForce.endpoint.generation && put.at > inForce.at;
}

/** Does a change of an endpoint change what it is matched with? */
function isRematched(before: Endpoint | undefined, after: Endpoint): boolean {
  const relevant = (endpoint: Endpoint) => [acceptsEvents(endpoint), endpoint.events, endpoint.projectId];
  return before === undefined || JSON.stringify(relevant(before)) !== JSON.stringify(relevant(after));
}

/** From then on someone may rely on it. */
function toldAt({ answeredAt = Infinity, settledAt = Infinity }: EndpointVersion): number {
  return Math.min(answeredAt, settledAt);
}
