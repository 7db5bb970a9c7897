import type { RetryPolicy } from '../../lib/domain/retry-schedule.ts';
import { type ErasingAction, inventErasing } from './erasing.ts';
import { type RotatingAction, inventRotations } from './rotating.ts';
import { type NeighbourStory, inventNeighbour } from './neighbour.ts';
import { type ManualAction, inventManual } from './manual.ts';
import type { Dice, otherDice } from './dice.ts';
import { KINDS, type Kind } from './customers.ts';
import { type PollStory, deserted, inventPolls } from './polls/poll-story.ts';
import type { Profile } from './profile.ts';
import { type SourceStory, inventSource } from './sources.ts';
import { inventWatchers } from './watchers.ts';

/** An endpoint of a history. */
export interface Cast {
  kind: Kind;
  events: readonly string[];
  retry: RetryPolicy;
  timeoutSeconds: number;
  rateLimitPerSecond?: number;
  autoResume?: boolean;
  /** When it is created, milliseconds since the Unix epoch. */
  at: number;
}

export type Call =
  | 'pause'
  | 'resume'
  | 'discard'
  | 'disable'
  | 'enable'
  | 'delete'
  | 'move'
  | 'edit'
  | 'auto-off'
  | 'auto-on'
  | 'unlimit'
  | 'subscribe';

/** Something that people do. */
export type Action =
  | { kind: 'post'; at: number; type: string; key?: string; large?: boolean }
  | { kind: 'call'; at: number; endpoint: number; call: Call; again: boolean }
  | { kind: 'redrive'; at: number; copies: number }
  | { kind: 'sweeps'; at: number }
  | { kind: 'garbage'; at: number }
  | { kind: 'brake'; at: number; forMs: number }
  | ErasingAction
  | RotatingAction
  | ManualAction;

export interface Story {
  cast: Cast[];
  actions: Action[];
  neighbour: NeighbourStory | undefined;
  polls: PollStory | undefined;
  source: SourceStory | undefined;
}

const HOUR = 3600;
const POLICIES: readonly [RetryPolicy, ...RetryPolicy[]] = [
  { delays: [1] },
  { delays: [1, 5, 30] },
  { delays: [5, 60, 300] },
  { delays: [20, 20, 20, 20, 20, 20, 20, 20, 20] },
  { delays: [600, 2 * HOUR] },
  { delays: [2, 20 * HOUR, HOUR] },
  { delays: [13 * HOUR] },
  { preset: 'vem' },
  { preset: 'veriswarm' },
  { preset: 'standard' },
];
const CALLS: readonly [Call, ...Call[]] = [
  'pause',
  'pause',
  'resume',
  'resume',
  'discard',
  'disable',
  'enable',
  'enable',
  'delete',
  'move',
  'edit',
  'subscribe',
];

/** Invents a history: most actions happen within seconds of a few moments, so that they collide. */
export function inventStory(
  dice: Dice,
  profile: Profile,
  startAt: number,
  [second, third, fourth, fifth, sixth, seventh]: ReturnType<typeof otherDice>,
): Story {
  const { horizonMs } = profile;
  const mayShare = horizonMs < 24 * HOUR * 1000;
  const moments = Array.from({ length: dice.between(1, 4) }, () => startAt + dice.below(horizonMs));
  const anytime = () => {
    const moment = dice.pick(moments as [number, ...number[]]);
    if (dice.chance(0.25)) return startAt + dice.below(horizonMs);
    return moment + dice.below(dice.pick([50, 1000, 4000, 30_000]));
  };
  const cast = Array.from({ length: dice.between(1, 3) }, (_, index) => inventEndpoint(dice, startAt, index, anytime));
  const posts = Array.from({ length: dice.between(1, dice.chance(0.2) ? 14 : 6) }, (_, index) =>
    inventPost(dice, anytime(), index, mayShare),
  );
  if (second.chance(0.05)) Object.assign(posts[0] as Action, { large: true });
  const calls = Array.from({ length: dice.chance(0.3) ? 0 : dice.between(1, 6) }, (): Action => ({
    kind: 'call',
    at: anytime(),
    endpoint: dice.below(cast.length),
    call: dice.pick(CALLS),
    again: dice.chance(0.6),
  }));
  const flurry = profile.quiet || dice.chance(0.6) ? inventFlurry(dice, anytime(), dice.below(cast.length)) : [];
  const actions: Action[] = [...posts, ...calls, ...flurry];
  if (dice.chance(0.12)) {
    const kind = dice.pick<Kind>(['silent', 'silent', 'gone']);
    const limited = dice.chance(0.4) && { rateLimitPerSecond: 0.1 };
    cast[0] = { ...OUT_OF_ORDER, kind, ...limited, timeoutSeconds: dice.pick([10, 30]), at: startAt };
    actions.push(...inventOutage(dice, anytime()));
  }
  if (second.chance(0.1)) {
    cast[0] = { ...CRAWLING, at: startAt };
    actions.push(...inventTraffic(second, startAt + second.below(horizonMs)));
  }
  // Two processes get the same post at the same moment.
  if (dice.chance(0.1)) {
    const twin: Action = { kind: 'post', at: anytime(), type: 'order.paid', key: 'key-twin' };
    actions.push(twin, { ...twin, at: twin.at + dice.below(20) });
  }
  if (dice.chance(0.4))
    actions.push({
      kind: 'redrive',
      at: anytime() + dice.below(horizonMs),
      copies: profile.quiet ? 1 : dice.between(1, 2),
    });
  if (dice.chance(0.5)) actions.push({ kind: 'sweeps', at: anytime() }, { kind: 'sweeps', at: anytime() });
  if (dice.chance(0.12)) actions.push({ kind: 'brake', at: anytime(), forMs: dice.pick([500, 60_000, 1_800_000]) });
  if (!profile.quiet && dice.chance(0.05)) actions.push({ kind: 'garbage', at: anytime() });
  const manual = inventManual(second, cast.length, mayShare, () => startAt + second.below(horizonMs));
  const scene = inventEdits(second, cast, startAt + second.below(horizonMs / 2), startAt);
  // Nobody else changes the endpoint of a scene, which would often end it.
  const others = actions.filter((one) => scene.length === 0 || one.kind !== 'call' || one.endpoint !== 0);
  const erasing = inventErasing(third, () => third.pick(actions as [Action, ...Action[]]).at);
  const momentOf = (which: Dice) => () => which.pick(actions as [Action, ...Action[]]).at;
  const neighbour = inventNeighbour(fourth, momentOf(fourth));
  const rotations = inventRotations(sixth, cast.length, momentOf(sixth));
  cast.push(...inventWatchers(seventh, startAt));
  const source = inventSource(seventh, momentOf(seventh));
  const told = { cast, actions: [...others, ...manual, ...scene, ...erasing, ...rotations], neighbour, source };
  return withPolls(told, [fifth, seventh], profile, { startAt, anytime: momentOf(fifth) });
}

/** With endpoints that are polled, of the tenant that is erased too. */
function withPolls(
  told: Omit<Story, 'polls'>,
  [dice, other]: readonly [Dice, Dice],
  { horizonMs }: Profile,
  { startAt, anytime }: { startAt: number; anytime: () => number },
): Story {
  const invented = inventPolls(dice, horizonMs, startAt, { cast: told.cast, anytime });
  if (!invented) return { ...told, polls: undefined };
  const polls = other.chance(0.25) ? deserted(invented, other, { startAt, horizonMs }) : invented;
  const neighbour = told.neighbour ?? inventNeighbour(dice, anytime, 0.2);
  return {
    ...told,
    cast: [...told.cast, ...polls.cast],
    actions: [...told.actions, ...polls.actions],
    neighbour: neighbour && { ...neighbour, polledAt: neighbour.endpoints[0]?.at ?? startAt },
    polls,
  };
}

const SECOND = 1000;

/** An edit of the first endpoint that counts at once: of `auto_resume` while it is tripped, or of its rate limit. */
function inventEdits(dice: Dice, cast: Cast[], from: number, startAt: number): Action[] {
  if (!dice.chance(0.15)) return [];
  const post = (at: number): Action => ({ kind: 'post', at, type: 'order.paid' });
  const call = (name: Call, at: number): Action => ({ kind: 'call', at, endpoint: 0, call: name, again: true });
  if (dice.chance(0.4)) {
    cast[0] = { ...OUT_OF_ORDER, kind: 'healthy', rateLimitPerSecond: 0.02, timeoutSeconds: 10, at: startAt };
    const posts = Array.from({ length: dice.between(4, 7) }, () => post(from + dice.below(SECOND)));
    return [...posts, call('unlimit', from + dice.between(SECOND, 30 * SECOND))];
  }
  cast[0] = { ...OUT_OF_ORDER, kind: 'picky', timeoutSeconds: 10, at: startAt };
  const refused = [post(from), post(from + SECOND)];
  // The tenth failure comes after 80 s, and the first probe five minutes later.
  const taken = Array.from({ length: dice.between(1, 4) }, () => post(from + 90 * SECOND + dice.below(60 * SECOND)));
  if (dice.chance(0.5)) return [...refused, ...taken];
  const off = call('auto-off', from + dice.between(100 * SECOND, 380 * SECOND));
  const on = dice.chance(0.5) ? [call('auto-on', from + dice.between(400 * SECOND, 4000 * SECOND))] : [];
  return [...refused, ...taken, off, ...on];
}

function inventEndpoint(dice: Dice, startAt: number, index: number, anytime: () => number): Cast {
  return {
    kind: dice.pick(KINDS),
    events: dice.chance(0.8) ? ['*'] : ['order.*'],
    retry: dice.pick(POLICIES),
    timeoutSeconds: dice.pick([1, 10, 30]),
    ...(dice.chance(0.2) && { rateLimitPerSecond: dice.pick([0.1, 2]) }),
    ...(dice.chance(0.2) && { autoResume: false }),
    at: index === 0 || dice.chance(0.8) ? startAt : anytime(),
  };
}

function inventPost(dice: Dice, at: number, index: number, mayShare: boolean): Action {
  const type = dice.pick(['order.paid', 'task.done']);
  return {
    kind: 'post',
    at,
    type,
    ...(dice.chance(0.6) && { key: `key-${mayShare && dice.chance(0.3) ? 0 : index}` }),
  };
}

const FLURRIES: readonly [readonly Call[], ...(readonly Call[])[]] = [
  ['pause', 'resume'],
  ['pause', 'resume'],
  ['pause', 'discard'],
  ['pause', 'resume', 'pause', 'resume'],
  ['pause', 'discard', 'pause', 'resume'],
  ['disable', 'enable'],
  ['pause', 'disable', 'enable'],
  ['move', 'pause', 'discard'],
  ['disable', 'enable', 'subscribe', 'disable', 'enable'],
];

/** Calls in quick succession with posts in between: each may meet unfinished work of the one before. */
function inventFlurry(dice: Dice, from: number, endpoint: number): Action[] {
  const pace = dice.pick([20, 200, 500, 2000, 20_000]);
  const again = dice.chance(0.5);
  let at = from;
  return dice.pick(FLURRIES).flatMap((call): Action[] => {
    at += dice.below(pace);
    const posts = Array.from({ length: dice.between(0, 3) }, (): Action => ({
      kind: 'post',
      at: at + dice.below(pace),
      type: 'order.paid',
    }));
    return [{ kind: 'call', at, endpoint, call, again }, ...posts];
  });
}

const CRAWLING = { kind: 'crawling', events: ['*'], retry: { delays: [5, 60] }, timeoutSeconds: 10 } as const;

/** Enough posts for an endpoint to be noted as slow, and more after that. */
function inventTraffic(dice: Dice, from: number): Action[] {
  const lasting = dice.pick([60_000, 300_000]);
  return Array.from({ length: dice.between(8, 14) }, (): Action => ({
    kind: 'post',
    at: from + dice.below(lasting),
    type: 'order.paid',
  }));
}

const OUT_OF_ORDER = { kind: 'silent', events: ['*'], retry: { delays: Array.from({ length: 9 }, () => 20) } } as const;

/** Many deliveries of an endpoint that does not answer, so that the breaker acts, and people who act at the same time. */
function inventOutage(dice: Dice, from: number): Action[] {
  const posts = Array.from({ length: dice.between(5, 10) }, (): Action => ({
    kind: 'post',
    at: from + dice.below(20_000),
    type: 'order.paid',
  }));
  const calls = Array.from({ length: dice.between(1, 3) }, (): Action => ({
    kind: 'call',
    at: from + dice.below(180_000),
    endpoint: 0,
    call: dice.pick(['edit', 'move', 'pause', 'resume']),
    again: true,
  }));
  return [...posts, ...calls];
}
