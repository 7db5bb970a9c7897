import type { PipelineSettings } from '../../../lib/pipeline/settings.ts';
import type { Dice } from '../dice.ts';
import type { Profile } from '../profile.ts';
import type { Action, Call } from '../story.ts';

/** What the service in one process does, and the functions on AWS do not. */
export interface ServiceProfile {
  places: Pick<PipelineSettings, 'requestsPerEndpoint' | 'requestsPerTenant' | 'attemptsInLine'>;
  /** It has few places: there are lines, and what finds no place comes back later. */
  isCrowded: boolean;
  /** How probably a message is dispatched as it is sent, before the disk has it. */
  handsOver: number;
  /** A synchronization of the disk takes up to this long, milliseconds. */
  diskMs: number;
  /** How probably it fails. */
  diskFails: number;
  /** How probably the power fails before the disk has an event. */
  powerCuts: number;
}

/** As a deployment has them. */
const MANY = { requestsPerEndpoint: 64, requestsPerTenant: 160, attemptsInLine: 320 };
/** It has no copies of its log that lag, and no queue that gives a message twice. */
const ONE_STORE = { repeat: 0, duplicate: 0, delayMessage: 0, holdBatchMs: 0, shareBatch: 0, lagMs: 0, longLag: false };
/** One crash ends the work of all. */
const CRASH_SHARE = 0.3;

/** One in four histories is that of a service; the others stay as they are. */
export function chooseService(dice: Dice, profile: Profile): Profile {
  if (!dice.chance(1 / 4)) return profile;
  const few = {
    requestsPerEndpoint: dice.between(1, 2),
    requestsPerTenant: dice.between(1, 3),
    attemptsInLine: dice.pick([1, 3, 320, 320]),
  };
  const isCrowded = dice.chance(0.75);
  const service = {
    places: isCrowded ? few : MANY,
    isCrowded,
    handsOver: dice.pick([0, 0.5, 1, 1]),
    // A request whose endpoint was read more than a second ago is prepared again.
    diskMs: dice.pick(profile.quiet ? [5, 50, 1500] : [5, 50, 1500, 6000]),
    diskFails: !profile.quiet && dice.chance(0.5) ? 0.2 : 0,
    powerCuts: !profile.quiet && dice.chance(0.5) ? 0.3 : 0,
  };
  return { ...profile, ...ONE_STORE, crash: profile.crash * CRASH_SHARE, service };
}

/** Posts within a moment, so that there are lines; and a change of their endpoint while the disk is synchronized. */
export function inventBursts(dice: Dice, { service, horizonMs }: Profile, startAt: number): Action[] {
  if (!service || !dice.chance(0.7)) return [];
  const at = startAt + dice.below(horizonMs);
  const within = dice.pick([20, 200, 2000]);
  const posts = Array.from({ length: dice.between(4, 12) }, (): Action => ({
    kind: 'post',
    at: at + dice.below(within),
    type: 'order.paid',
  }));
  if (!dice.chance(0.5)) return posts;
  const [shut, open] = dice.pick<readonly ['pause' | 'disable', 'resume' | 'enable']>([
    ['pause', 'resume'],
    ['disable', 'enable'],
  ]);
  const call = (name: Call, after: number): Action => ({
    kind: 'call',
    at: at + after,
    endpoint: 0,
    call: name,
    again: true,
  });
  return [...posts, call(shut, dice.below(within)), call(open, dice.between(10_000, 60_000))];
}
