import { readDeliveryMessage } from '../../../lib/domain/message.ts';
import type { ReceivedMessage } from '../../../lib/ports/queues.ts';
import type { Evidence } from '../evidence.ts';
import type { Chore } from '../scheduler.ts';
import type { ServiceProfile } from './service-profile.ts';

/** A place that is left is given away at the end of the turn: by then it is. Milliseconds. */
const GRACE = 100;
/** Nobody stands in a line for longer. */
const LONGEST_WAIT = 5000;
const COUNT = 'queues.inFlight';
const READ = 'reader.read';

/** A message of deliveries or retries that a service works. */
export interface Worked {
  service: string;
  tenant: string;
  endpoint: string;
  id: string;
  beganAt: number;
  /** Calls of ports that are under way. */
  calls: number;
  /** Waits for the clock that are under way: all of a line, until it has sent. */
  sleeps: number;
  hasSent: boolean;
  /** It has called the reader: what it reads from now on, it reads again. */
  hasRead: boolean;
  /** The disk does not have it yet, or has lost it. */
  unsafe: boolean;
  /** When it began to do nothing, if it does. */
  idleSince: number | undefined;
  /** When it may have had a place last; it may have one now while this is infinite. */
  busyUntil: number;
}

/** Calls of a service that its other tasks may wait for, without a call or a wait for the clock that tells of it. */
class AwaitedCalls {
  #underWay = 0;
  #lastEnd = -Infinity;

  begin(): void {
    this.#underWay += 1;
  }

  end(now: number): void {
    this.#underWay -= 1;
    this.#lastEnd = now;
  }

  /** Was one under way then, or later? */
  hadSince(then: number): boolean {
    return this.#underWay > 0 || this.#lastEnd >= then;
  }
}

/** What the rules need of the history around them. */
interface Surroundings {
  now(): number;
  places: ServiceProfile['places'];
}

/**
 * 17: whoever stands in a line gets the next place, in turn. From outside, a message whose work has made no request, calls
 * no port and waits for the clock stands in a line, and each other one of its tenant may have a place.
 */
export class LineRules implements Chore {
  readonly #seen: Evidence;
  readonly #around: Surroundings;
  readonly #worked = new Set<Worked>();
  /** Of each service: it counts a queue for all its tasks, and few of them read again at the same time. */
  readonly #awaited = new Map<string, AwaitedCalls>();
  #lookAt: number | undefined;

  constructor(evidence: Evidence, around: Surroundings) {
    this.#seen = evidence;
    this.#around = around;
  }

  begins(service: string, { body, safe }: ReceivedMessage): Worked {
    const parsed = readDeliveryMessage(body);
    const pointer = parsed.kind === 'pointer' ? parsed.pointer : undefined;
    const worked: Worked = {
      service,
      tenant: pointer?.tenantId ?? '',
      endpoint: pointer?.endpointId ?? '',
      id: `${pointer?.eventId}/${pointer?.endpointId}`,
      beganAt: this.#around.now(),
      calls: 0,
      sleeps: 0,
      hasSent: false,
      hasRead: false,
      unsafe: safe !== undefined,
      idleSince: undefined,
      busyUntil: Infinity,
    };
    const becomeSafe = () => {
      worked.unsafe = false;
      this.#restFrom(worked);
    };
    safe?.then(becomeSafe, () => undefined);
    this.#worked.add(worked);
    return worked;
  }

  ends(worked: Worked): void {
    worked.idleSince = undefined;
    worked.busyUntil = this.#around.now();
    worked.calls = -1;
    this.#lookSoon();
  }

  died(service: string): void {
    for (const worked of this.#worked) if (worked.service === service) this.#worked.delete(worked);
    this.#awaited.delete(service);
  }

  calls(service: string, worked: Worked | undefined, method: string): void {
    if (isAwaited(worked, method)) this.#awaitedOf(service).begin();
    if (!worked) return;
    worked.calls += 1;
    worked.idleSince = undefined;
    worked.busyUntil = Infinity;
    if (method === 'sender.send' && !worked.hasSent) this.#judgeTurn(worked);
  }

  hasCalled(service: string, worked: Worked | undefined, method: string): void {
    if (isAwaited(worked, method)) this.#awaitedOf(service).end(this.#around.now());
    if (!worked) return;
    if (method === READ) worked.hasRead = true;
    worked.calls -= 1;
    this.#restFrom(worked);
  }

  dueAt(): number | undefined {
    return this.#lookAt;
  }

  begin(): void {
    const now = this.#around.now();
    this.#lookAt = undefined;
    for (const one of this.#worked) {
      if (one.calls < 0 && one.busyUntil < now - GRACE) this.#worked.delete(one);
      else if (one.idleSince !== undefined && one.idleSince <= now - GRACE) this.#judge(one, now);
    }
    if ([...this.#worked].some(({ idleSince }) => idleSince !== undefined)) this.#lookSoon();
  }

  #awaitedOf(service: string): AwaitedCalls {
    const known = this.#awaited.get(service);
    if (known) return known;
    const awaited = new AwaitedCalls();
    this.#awaited.set(service, awaited);
    return awaited;
  }

  #restFrom(worked: Worked): void {
    if (worked.calls !== 0 || worked.unsafe) return;
    worked.idleSince = this.#around.now();
    worked.busyUntil = worked.idleSince;
    this.#lookSoon();
  }

  #lookSoon(): void {
    this.#lookAt ??= this.#around.now() + GRACE;
  }

  #judge(worked: Worked, now: number): void {
    const { service, tenant, endpoint, id, idleSince = now } = worked;
    if (this.#awaitedOf(service).hadSince(now - GRACE) || worked.hasSent) return;
    if (now - idleSince > LONGEST_WAIT + GRACE) this.#seen.fail(17, `${id} is forgotten in its line`, now);
    if (!isInLine(worked)) return;
    const { requestsPerEndpoint, requestsPerTenant } = this.#around.places;
    const others = [...this.#worked].filter(
      (one) => one !== worked && one.service === service && one.tenant === tenant && mayHavePlace(one, now),
    );
    const ofEndpoint = others.filter((one) => one.endpoint === endpoint).length;
    if (others.length < requestsPerTenant && ofEndpoint < requestsPerEndpoint)
      this.#seen.fail(17, `${id} stands in a line, and there is a place`, now);
  }

  /** Nobody who came later, for the same endpoint, is served first. */
  #judgeTurn(sending: Worked): void {
    const { service, endpoint, beganAt, id } = sending;
    const now = this.#around.now();
    const before = [...this.#worked].find(
      (one) =>
        one.service === service &&
        one.endpoint === endpoint &&
        isInLine(one) &&
        !one.hasSent &&
        (one.idleSince ?? Infinity) < beganAt,
    );
    if (before && !this.#awaitedOf(service).hadSince(now - LONGEST_WAIT))
      this.#seen.fail(17, `${id} came later than ${before.id}, which still stands in the line`, now);
    sending.hasSent = true;
  }
}

function isAwaited(worked: Worked | undefined, method: string): boolean {
  return method === COUNT || (method === READ && worked?.hasRead === true);
}

function isInLine({ calls, sleeps, unsafe }: Worked): boolean {
  return calls === 0 && sleeps > 0 && !unsafe;
}

function mayHavePlace(one: Worked, now: number): boolean {
  const rests = one.calls === 0 && !one.unsafe && one.sleeps > 0 && !one.hasSent;
  return one.calls > 0 || one.busyUntil >= now - GRACE || (one.calls === 0 && !rests);
}
