import type { PipelineSettings } from '../../lib/pipeline/settings.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import type { Dice } from './dice.ts';
import type { ServiceProfile } from './service/service-profile.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** An outage: most calls of a port fail. */
export interface Outage {
  port: keyof Ports;
  from: number;
  until: number;
}

/** What goes wrong in a history, and how often: probabilities for each call or message, unless stated otherwise. */
export interface Profile {
  /** Nothing goes wrong: then duplicates and late retries are violations too. */
  quiet: boolean;
  /** How long the unruly part lasts, in milliseconds. */
  horizonMs: number;
  /** In quiet histories too, but then not by much. */
  slow: number;
  refuse: number;
  loseAnswer: number;
  /** A client loses the first answer of a conditional write and repeats it; the second answer counts. */
  repeat: number;
  crash: number;
  /** An unexpected exception when a secret is opened. */
  bug: number;
  duplicate: number;
  delayMessage: number;
  /** The event source keeps a batch for up to this long before it calls the handler. */
  holdBatchMs: number;
  /** Two workers get the same batch. */
  shareBatch: number;
  /** Entries of the due and status indexes appear up to this late, and replicas of the log are behind by some seconds. */
  lagMs: number;
  /** One in a hundred entries of the due index appears up to an hour late: only the daily look-back finds it. */
  longLag: boolean;
  /** Events with more than one endpoint are sent by a job, in pages of two. */
  smallPages: boolean;
  /** A process has one request in flight to an endpoint, and two to all. */
  fewPlaces: boolean;
  /** Queues say that they are nearly full, in every other ten minutes. */
  fullQueues: boolean;
  outages: Outage[];
  /** Sweep can't read, or can't write, about a third of the deliveries until long after the calm begins. */
  curse: { method: 'getMany' | 'writeUnlessSuperseded'; until: number } | undefined;
  /** No sweep runs in these times. */
  sweepOutages: { from: number; until: number }[];
  /** All is done by one process, as `npm start` does it; absent: by functions, as on AWS. */
  service?: ServiceProfile;
}

const SMALL_PAGES = { inlineEndpoints: 1, endpointsPerPage: 2 };
const FEW_PLACES = { requestsPerEndpoint: 1, requestsPerTenant: 2 };

/** What a deployment has set. */
export function settingsOf({ smallPages, fewPlaces, service }: Profile, settings: PipelineSettings): PipelineSettings {
  return { ...settings, ...(smallPages && SMALL_PAGES), ...(fewPlaces && FEW_PLACES), ...service?.places };
}

/** Nothing makes a retry late. */
export function isPunctual({ quiet, slow, service }: Profile): boolean {
  return quiet && slow === 0 && !service?.isCrowded;
}

const OUTAGE_PORTS = ['deliveries', 'queues', 'reader', 'secrets', 'endpoints', 'jobs', 'health', 'due'] as const;

/** Most histories have several kinds of trouble, so that they meet; one in four has none. */
export function chooseProfile(dice: Dice, startAt: number): Profile {
  const horizonMs = dice.pick([2 * MINUTE, 20 * MINUTE, 20 * MINUTE, 4 * HOUR, 40 * HOUR]);
  const quiet = dice.chance(1 / 4);
  const maybe = <T>(probability: number, value: T, otherwise: T): T =>
    !quiet && dice.chance(probability) ? value : otherwise;
  const within = (longest: number) => {
    const from = startAt + dice.below(horizonMs);
    return { from, until: from + dice.between(1, longest) };
  };
  return {
    quiet,
    horizonMs,
    slow: dice.chance(0.6) ? dice.pick([0.03, 0.2, 0.2]) : 0,
    refuse: maybe(0.4, 0.03, 0),
    loseAnswer: maybe(0.4, 0.03, 0),
    repeat: maybe(0.2, 0.05, 0),
    crash: maybe(0.5, 0.02, 0),
    bug: maybe(0.05, 0.3, 0),
    duplicate: maybe(0.4, 0.15, 0),
    delayMessage: maybe(0.4, 0.2, 0),
    holdBatchMs: maybe(0.4, dice.pick([5 * SECOND, 60 * SECOND, 130 * SECOND]), 0),
    shareBatch: maybe(0.2, 0.1, 0),
    lagMs: maybe(0.4, dice.pick([5 * SECOND, MINUTE, 8 * MINUTE]), 0),
    longLag: maybe(0.06, true, false),
    smallPages: dice.chance(0.3),
    fewPlaces: maybe(0.3, true, false),
    fullQueues: maybe(0.15, true, false),
    outages: Array.from({ length: maybe(0.3, dice.between(1, 3), 0) }, () => ({
      port: dice.pick(OUTAGE_PORTS),
      ...within(10 * MINUTE),
    })),
    curse: maybe(
      0.1,
      { method: dice.pick(['getMany', 'writeUnlessSuperseded'] as const), until: startAt + horizonMs + 6 * HOUR },
      undefined,
    ),
    sweepOutages: maybe(0.3, [within(3 * HOUR)], []),
  };
}
