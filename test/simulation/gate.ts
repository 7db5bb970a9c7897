import type { DeliveryKey } from '../../lib/domain/ids.ts';
import type { Event } from '../../lib/domain/event.ts';
import type { DuePlace } from '../../lib/ports/due-index.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import type { Dice } from './dice.ts';
import type { Engine } from './engine.ts';
import { NEIGHBOUR } from './neighbour.ts';
import type { WorkQueue } from './process.ts';
import type { Profile } from './profile.ts';
import type { Scheduler } from './scheduler.ts';
import type { Handovers } from './service/handovers.ts';
import type { Service } from './service/service.ts';
import type { Trace } from './trace.ts';

/** A process that may die at any port call, with everything in its memory. */
export interface GatedProcess {
  name: string;
  /** Whose places its requests take. */
  instance: string;
  /** What it is doing: a stage, or a call of the API. */
  task: string;
  queue?: WorkQueue | undefined;
  /** The messages of that batch. */
  batch?: number;
  dead: boolean;
  /** Of which it is a task; undefined: it does one thing at a time. */
  service: Service | undefined;
  /** How many of its calls were made to fail. */
  faults: number;
  die(why: string): void;
}

/** What all gates of a history share. */
export interface Conditions {
  scheduler: Scheduler;
  dice: Dice;
  profile: Profile;
  errors: Engine['errors'];
  settings: Engine['settings'];
  trace: Trace;
  /** False in the calm phase, and in quiet histories: nothing goes wrong (any more). */
  unruly: boolean;
  /** What people do is done. */
  calm: boolean;
  /** A tenant is erased. */
  erases: boolean;
  /** An endpoint is polled. */
  polls: boolean;
  /** Of a service in one process. */
  handovers: Handovers | undefined;
  noteBug(): void;
  /** The process whose call has its effect now. */
  current: GatedProcess | undefined;
  /** Is this minute of the due index empty? */
  nothingDue(minute: number): boolean;
}

const REMOTE = [
  'secrets',
  'sender',
  'queues',
  'endpoints',
  'subscriptions',
  'health',
  'slots',
  'brakes',
  'events',
  'idempotency',
  'deliveries',
  'reader',
  'due',
  'jobs',
] as const satisfies (keyof Ports)[];

/** Used by the erasure of a tenant. Elsewhere they pass no gate, so that histories without one stay as they are. */
const ERASING = ['tenants', 'tenantData', 'factors'] as const satisfies (keyof Ports)[];
/** Used where an endpoint is polled, likewise. */
const POLLED = ['polls'] as const satisfies (keyof Ports)[];
/** An entry that is written while its process has little time left comes to light that late, milliseconds. */
const LATEST_ENTRY = 25_000;

/** Writes that a client may make twice unknowingly. Not a put of a new endpoint: an adapter recognizes its own. */
const REPEATED = new Set([
  'deliveries.writeUnlessSuperseded',
  'endpoints.replaceIfGeneration',
  'jobs.replaceIfStep',
  'jobs.createUnlessExists',
  'events.putUnlessExists',
  'subscriptions.putUnlessNewer',
  'subscriptions.removeUnlessNewer',
  'subscriptions.raiseShard',
]);

/** Their first argument becomes an item of a table; of pages of endpoints the second. */
const WRITES = new Set([...REPEATED, 'createUnlessExists', 'putEndpointPage', 'claimUnlessTaken']);
/** Amazon DynamoDB: Service, account, and table quotas. */
const MAX_ITEM_BYTES = 400 * 1024;

/** A dead process waits for this forever. Each has its own: a shared one would keep all that wait in memory. */
function never(): Promise<never> {
  return new Promise(() => {});
}

/** The ports as a process sees them: each call passes a gate, where it waits, fails, or kills the process. */
export function gatedPorts(base: Ports, callerOf: () => GatedProcess, conditions: Conditions): Ports {
  const { erases, polls, profile, scheduler } = conditions;
  const ports = profile.service ? timelessPorts(base, scheduler) : { ...base };
  for (const name of [...REMOTE, ...(erases ? ERASING : []), ...(polls ? POLLED : [])]) {
    const target = base[name];
    const gates = new Map<string, unknown>();
    const gateOf = (method: string) => {
      const real: unknown = Reflect.get(target, method);
      if (typeof real !== 'function') return real;
      return (...args: unknown[]) => {
        const mortal = callerOf();
        const run = async (given: unknown[]) => real.apply(target, given) as unknown;
        const pass = () => passGate(conditions, mortal, { port: name, method, args, run });
        return mortal.service ? mortal.service.calling(mortal, `${name}.${method}`, pass) : pass();
      };
    };
    const get = (_: object, method: string) => {
      if (!gates.has(method)) gates.set(method, gateOf(method));
      return gates.get(method);
    };
    Object.assign(ports, { [name]: new Proxy(target, { get }) });
  }
  return ports;
}

/**
 * The clock stands still while a port works that has no gate: it may take turns of the event loop. (Elsewhere the time may
 * jump to whatever comes next, so that histories of functions stay as they are.)
 */
function timelessPorts(base: Ports, scheduler: Scheduler): Ports {
  const ports = { ...base };
  for (const [name, port] of Object.entries(base)) {
    if (name === 'clock') continue;
    const get = (_: object, method: string): unknown => {
      const real: unknown = Reflect.get(port, method);
      if (typeof real !== 'function') return real;
      return (...args: unknown[]) => {
        const answer: unknown = real.apply(port, args);
        return answer instanceof Promise ? scheduler.alone(() => answer) : answer;
      };
    };
    Object.assign(ports, { [name]: new Proxy(port, { get }) });
  }
  return ports;
}

interface Call {
  port: (typeof REMOTE | typeof ERASING | typeof POLLED)[number];
  method: string;
  args: unknown[];
  run: (args: unknown[]) => Promise<unknown>;
}

async function passGate(conditions: Conditions, mortal: GatedProcess, call: Call): Promise<unknown> {
  const { scheduler, dice, profile, unruly } = conditions;
  if (mortal.dead) return never();
  if (call.port === 'sender') call.args.push(scheduler.now(), mortal);
  // Most minutes of the due index are empty, and sweep reads very many of them.
  if (call.port === 'due' && call.method === 'page' && conditions.nothingDue((call.args[0] as DuePlace).minute)) {
    return call.run(call.args);
  }
  const slow = (unruly || profile.quiet) && dice.chance(profile.slow);
  await scheduler.wait(latency(conditions, call, slow), mortal, unruly && dice.chance(0.3) && mayBeLate(mortal, call));
  const ghost = mortal.dead;
  const crash = ghost || !unruly || !dice.chance(profile.crash) ? undefined : dice.pick(['before', 'after']);
  if (crash === 'before') {
    mortal.die(`before ${call.port}.${call.method}`);
    return never();
  }
  const refusal = ghost ? undefined : (refuseCursed(conditions, mortal, call) ?? refuse(conditions, call));
  if (refusal) return failing(conditions, mortal, call, refusal);
  conditions.trace.call(scheduler.now(), mortal.name, call.port, call.method, call.args);
  const answer =
    call.port === 'sender' ? await call.run(call.args) : await scheduler.alone(() => effect(conditions, mortal, call));
  if (crash) mortal.die(`after ${call.port}.${call.method}`);
  if (mortal.dead) return never();
  if (mortal.service) await handOver(conditions, mortal, mortal.service, call);
  if (unruly && call.port !== 'sender' && dice.chance(profile.loseAnswer)) {
    return failing(conditions, mortal, call, new conditions.errors.ServiceFault('the answer was lost'));
  }
  if (slow && dice.chance(0.5)) await scheduler.wait(latency(conditions, call, slow), mortal, false);
  return answer;
}

/** What has left a dead process has its effect later: the queries of a function, and any request. */
function mayBeLate({ service }: GatedProcess, { port }: Call): boolean {
  return !service || port === 'sender';
}

/** What was sent is dispatched before the disk has it, which the caller waits for. */
async function handOver(conditions: Conditions, mortal: GatedProcess, service: Service, call: Call): Promise<void> {
  try {
    const [event] = call.method === 'putWithMessages' ? (call.args as Event[]) : [];
    await conditions.handovers?.begin(service, event?.tenantId === NEIGHBOUR ? undefined : event);
  } catch (cause) {
    failing(conditions, mortal, call, cause as Error);
  }
}

/** Milliseconds. What is between the last check and the request is short: the process does nothing else. */
function latency({ dice, profile, unruly }: Conditions, { port, method }: Call, slow: boolean): number {
  if (port === 'sender') return slow ? dice.between(0, 800) : 0;
  if (port === 'polls' && method === 'add' && unruly && dice.chance(0.3)) return dice.below(LATEST_ENTRY);
  if (slow) return (profile.quiet ? 300 : dice.pick([300, 1200, 4000, 12_000])) + dice.below(500);
  return dice.chance(0.3) ? 0 : dice.between(1, 15);
}

function refuse({ scheduler, dice, profile, unruly, errors, noteBug }: Conditions, call: Call): Error | undefined {
  if (!unruly || call.port === 'sender') return undefined;
  const now = scheduler.now();
  const out = profile.outages.some(({ port, from, until }) => port === call.port && now >= from && now < until);
  if (dice.chance(profile.refuse) || (out && dice.chance(0.8))) return new errors.ServiceFault('throttled');
  if (call.port !== 'secrets' || !dice.chance(profile.bug)) return undefined;
  noteBug();
  return new TypeError('a bug');
}

/** Of an event whose id ends with one of the first letters of its alphabet. */
const CURSED = /[0-9]$/;

function refuseCursed(
  { scheduler, profile, errors }: Conditions,
  { task }: GatedProcess,
  call: Call,
): Error | undefined {
  const { curse } = profile;
  if (task !== 'sweep' || call.port !== 'deliveries' || call.method !== curse?.method) return undefined;
  const keys = [call.args[0]].flat() as DeliveryKey[];
  const refuses = scheduler.now() < curse.until && keys.some(({ eventId }) => CURSED.test(eventId));
  return refuses ? new errors.ServiceFault('cursed') : undefined;
}

function failing({ scheduler, trace }: Conditions, mortal: GatedProcess, call: Call, error: Error): never {
  mortal.faults += 1;
  trace.note(scheduler.now(), mortal.name, `${call.port}.${call.method} fails: ${error.message}`);
  throw error;
}

/** The call itself, which may be made twice; of a batch of messages it may send a part. */
async function effect(conditions: Conditions, mortal: GatedProcess, call: Call): Promise<unknown> {
  const { dice, profile, unruly } = conditions;
  const { service } = mortal;
  conditions.current = mortal;
  if (WRITES.has(call.method)) judgeSize(call);
  if (unruly && !service && isBatch(call) && dice.chance(profile.refuse * 3)) await sendSome(conditions, mortal, call);
  const { handovers } = conditions;
  const answer = service && handovers ? await handovers.during(() => call.run(call.args)) : await call.run(call.args);
  const repeats = unruly && REPEATED.has(`${call.port}.${call.method}`) && dice.chance(profile.repeat);
  return repeats ? call.run(call.args) : answer;
}

/** A table refuses what is too large, always: a process that repeats such a write never ends. */
function judgeSize({ port, method, args }: Call): void {
  if (JSON.stringify(args).length > MAX_ITEM_BYTES)
    throw new TypeError(`${port}.${method}: an item of more than 400 KB`);
}

function isBatch({ port, method }: Call): boolean {
  return (port === 'queues' && method === 'send') || (port === 'polls' && method === 'add');
}

/** Some messages or entries of a batch are accepted, the others are not. */
async function sendSome(conditions: Conditions, mortal: GatedProcess, call: Call): Promise<void> {
  const messages = call.args.at(-1) as readonly unknown[];
  if (messages.length < 2) return;
  const accepted = messages.filter(() => conditions.dice.chance(0.5));
  await call.run([...call.args.slice(0, -1), accepted]);
  failing(conditions, mortal, call, new conditions.errors.ServiceFault('a part of the batch was refused'));
}
