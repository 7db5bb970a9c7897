import { firstUlidAt } from '../../domain/ids.ts';
import { SESSION_TIMES, hasSessionEnded } from '../../domain/portal-session.ts';
import type { SessionOwner } from '../../ports/portal-session-store.ts';
import type { Ports } from '../../ports/ports.ts';

/** Sessions that a call looks at, at most. */
const LOOK_THROUGH = 500;
/** Each may have a logo: a page stays below the megabyte of a query. */
const PAGE = 50;

export interface EndedSessions {
  revoked: number;
  /** Pass as `before` to go on; absent: none of the user is left. */
  next?: string;
}

type EndPorts = Pick<Ports, 'sessions' | 'clock'>;

/** Whose sessions end. */
export interface Person {
  owner: SessionOwner;
  user: string;
  /** The session that asks: it ends last, because it may have to ask again. */
  asking?: string;
}

/** Ends the sessions of a person, newest first, and the links that were not opened yet. */
export async function endSessionsOf(
  ports: EndPorts,
  person: Person,
  before: string | undefined,
): Promise<EndedSessions> {
  const { sessions, clock } = ports;
  const { owner, user, asking } = person;
  const now = clock.now();
  // One that was made before has ended, however often it was extended.
  const oldest = `ses_${firstUlidAt(now - SESSION_TIMES.printedCode - SESSION_TIMES.longest)}`;
  let next = before;
  let revoked = 0;
  for (let looked = 0; looked < LOOK_THROUGH; looked += PAGE) {
    const page = await sessions.page(owner, next, PAGE);
    const live = page.filter((one) => one.id !== asking && one.user === user && !hasSessionEnded(one, now));
    await Promise.all(live.map(({ id }) => sessions.revoke(owner, id, now)));
    revoked += live.length;
    next = page.at(-1)?.id;
    if (page.length < PAGE || next === undefined || next < oldest) {
      return { revoked: revoked + (await endAsking(ports, person, now)) };
    }
  }
  return { revoked, ...(next !== undefined && { next }) };
}

/** @returns how many it ended: none, where another person's session asks */
async function endAsking({ sessions }: EndPorts, { owner, user, asking }: Person, now: number): Promise<number> {
  const own = asking === undefined ? undefined : await sessions.get(owner, asking);
  if (own?.user !== user) return 0;
  await sessions.revoke(owner, own.id, now);
  return 1;
}
