import type { Dice } from '../dice.ts';
import type { Action, Call, Cast } from '../story.ts';

/** One process of a consumer; two of one name share its place. Times are milliseconds since the Unix epoch. */
export interface ConsumerStory {
  /** Its endpoint, in the cast. */
  endpoint: number;
  name: string;
  at: number;
  /** Where it begins; undefined: where another process of that name has come to. */
  from: 'now' | 'oldest' | undefined;
  /** Between polls that gave nothing, milliseconds: while something was written lately, and at other times. */
  pace: number;
  quietPace: number;
  limit: number;
  /** How often it dies, after each thing that it does. */
  crash: number;
  /** It commits after so many polls. */
  commitsEvery: number;
  /** From then on nobody hears of it. */
  leavesAt?: number;
  /** Somebody lets it begin from now. */
  skipsAt?: number;
  /** Somebody removes it. */
  removedAt?: number;
}

/** What is polled in a history. */
export interface PollStory {
  cast: Cast[];
  consumers: ConsumerStory[];
  actions: Action[];
  /** What is younger is not given yet: none in one process, a second on AWS. */
  delayMs: number;
  /** Who has left comes back when what it has not seen is given no more. */
  returns: boolean;
}

const SECOND = 1000;
/** In times in which nothing is written. */
const POLLS_AT_MOST = 60;
const FLURRIES: readonly [readonly Call[], ...(readonly Call[])[]] = [
  ['pause', 'resume'],
  ['pause', 'resume', 'pause', 'resume'],
  ['disable', 'enable'],
  ['pause', 'disable', 'enable'],
  ['subscribe', 'disable', 'enable', 'subscribe'],
  ['pause'],
  ['disable'],
  ['delete'],
];

/** A few of the histories have some. They are added to what happens anyway, so that they meet all of it. */
export function inventPolls(
  dice: Dice,
  horizonMs: number,
  startAt: number,
  { cast, anytime }: { cast: readonly Cast[]; anytime: () => number },
): PollStory | undefined {
  if (!dice.chance(0.05)) return undefined;
  const around = () => anytime() + dice.below(dice.pick([50, SECOND, 5 * SECOND, 60 * SECOND]));
  const polled = Array.from({ length: dice.between(1, 2) }, () => inventPolled(dice, startAt, around));
  const indexes = polled.map((_, nth) => cast.length + nth);
  const consumers = indexes.flatMap((endpoint) => inventConsumers(dice, endpoint, { horizonMs, startAt, around }));
  const calls = indexes.flatMap((endpoint) => (dice.chance(0.4) ? inventCalls(dice, endpoint, around()) : []));
  return {
    cast: polled,
    consumers,
    actions: [...inventPosts(dice, around), ...calls, ...inventWishes(dice, indexes, around)],
    delayMs: dice.pick([0, SECOND]),
    returns: dice.chance(0.2),
  };
}

/** Nobody comes any more, and what people ask for again is written again: part of it has expired before the rest. */
export function deserted(
  story: PollStory,
  dice: Dice,
  { startAt, horizonMs }: { startAt: number; horizonMs: number },
): PollStory {
  const consumers = story.consumers.map((one) => ({ ...one, leavesAt: one.at + dice.below(60 * SECOND) }));
  const again = Array.from({ length: dice.between(2, 6) }, (): Action => ({
    kind: 'retry',
    at: startAt + dice.below(horizonMs),
    nth: dice.below(100),
  }));
  return { ...story, consumers, actions: [...story.actions, ...again] };
}

function inventPolled(dice: Dice, startAt: number, around: () => number): Cast {
  return {
    kind: 'polled',
    events: dice.chance(0.8) ? ['*'] : ['order.*'],
    retry: { delays: [] },
    timeoutSeconds: 10,
    at: dice.chance(0.8) ? startAt : around(),
  };
}

interface Setting {
  horizonMs: number;
  startAt: number;
  around: () => number;
}

function inventConsumers(dice: Dice, endpoint: number, { horizonMs, startAt, around }: Setting): ConsumerStory[] {
  const consumers = Array.from({ length: dice.between(1, 3) }, (_, nth): ConsumerStory => {
    const at = dice.chance(0.6) ? startAt + dice.below(SECOND) : around();
    const later = () => at + dice.below(horizonMs);
    return {
      endpoint,
      name: `consumer-${nth}`,
      at,
      from: dice.chance(0.6) ? 'oldest' : 'now',
      pace: dice.pick([500, SECOND, 5 * SECOND, 60 * SECOND]),
      quietPace: Math.ceil(horizonMs / POLLS_AT_MOST),
      limit: dice.pick([1, 2, 100]),
      crash: dice.pick([0, 0, 0.05, 0.3]),
      commitsEvery: dice.pick([1, 1, 3]),
      ...(nth > 0 && dice.chance(0.3) && { leavesAt: later() }),
      ...(dice.chance(0.08) && { skipsAt: later() }),
      ...(nth > 0 && dice.chance(0.1) && { removedAt: later() }),
    };
  });
  const [first] = consumers;
  const twins = first && dice.chance(0.25) ? [{ ...first, at: around(), from: undefined }] : [];
  return [...consumers, ...twins];
}

/** Many posts in little time, some of them twice at the same moment. */
function inventPosts(dice: Dice, around: () => number): Action[] {
  const from = around();
  const lasting = dice.pick([50, 2 * SECOND, 60 * SECOND]);
  return Array.from({ length: dice.between(2, 10) }, (_, nth): Action => ({
    kind: 'post',
    at: dice.chance(0.7) ? from + dice.below(lasting) : around(),
    type: dice.pick(['order.paid', 'task.done']),
    ...(dice.chance(0.5) && { key: `key-polled-${nth}` }),
  }));
}

function inventCalls(dice: Dice, endpoint: number, from: number): Action[] {
  const pace = dice.pick([200, 2 * SECOND, 60 * SECOND]);
  let at = from;
  return dice.pick(FLURRIES).map((call): Action => {
    at += dice.below(pace);
    return { kind: 'call', at, endpoint, call, again: true };
  });
}

/** What people ask for: retries by hand, replays, deleted payloads. */
function inventWishes(dice: Dice, endpoints: readonly number[], around: () => number): Action[] {
  const [first = 0] = endpoints;
  return Array.from({ length: dice.chance(0.5) ? dice.between(1, 4) : 0 }, (): Action => {
    const kind = dice.pick(['retry', 'retry', 'replay-event', 'replay', 'delete-payload'] as const);
    const at = around() + dice.below(60 * SECOND);
    if (kind === 'replay') return { kind, at, endpoint: dice.pick([first, ...endpoints]) };
    return { kind, at, nth: dice.below(100) };
  });
}
