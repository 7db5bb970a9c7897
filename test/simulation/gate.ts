import type { Ports } from '../../lib/ports/ports.ts';
import type { OutgoingMessage, QueueName } from '../../lib/ports/queues.ts';
import type { Dice } from './dice.ts';
import type { Engine } from './engine.ts';
import type { Profile } from './profile.ts';
import type { Scheduler } from './scheduler.ts';
import type { Trace } from './trace.ts';

/** A process: it dies at any port call, and what it had in memory with it. */
export interface Mortal {
  name: string;
  /** What it is doing: a stage, or a call of the API. */
  task: string;
  dead: boolean;
  /** How many of its calls we let fail. */
  faults: number;
  die(why: string): void;
}

/** What the gates share: the weather of a history. */
export interface Weather {
  scheduler: Scheduler;
  dice: Dice;
  profile: Profile;
  errors: Engine['errors'];
  settings: Engine['settings'];
  trace: Trace;
  /** False in the calm phase: nothing goes wrong any more. */
  unruly: boolean;
  noteBug(): void;
  /** Whose call has its effect now. */
  current: Mortal | undefined;
  /** Is this minute of the due index empty? */
  nothingDue(minute: number): boolean;
}

const REMOTE = [
  'secrets',
  'sender',
  'queues',
  'endpoints',
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

/** Writes that a client may make twice without knowing. A put of a new endpoint is left out: an adapter knows its own. */
const REPEATED = new Set([
  'deliveries.writeUnlessSuperseded',
  'endpoints.replaceIfGeneration',
  'jobs.replaceIfStep',
  'jobs.createUnlessExists',
  'events.putUnlessExists',
]);

/** What becomes an item of a table, as the first argument; pages of endpoints as the second. */
const WRITES = new Set([...REPEATED, 'createUnlessExists', 'putEndpointPage', 'claimUnlessTaken']);
/** Amazon DynamoDB: Service, account, and table quotas. */
const MAX_ITEM_BYTES = 400 * 1024;

/** What a dead process waits for. Each its own: one for all would keep whatever waits for it in memory. */
function never(): Promise<never> {
  return new Promise(() => {});
}

/** The ports as one process sees them: each call passes a gate, where it waits, fails, or is the last one. */
export function gatedPorts(base: Ports, mortal: Mortal, weather: Weather): Ports {
  const ports = { ...base };
  for (const name of REMOTE) {
    const target = base[name];
    const gates = new Map<string, unknown>();
    const gateOf = (method: string) => {
      const real: unknown = Reflect.get(target, method);
      if (typeof real !== 'function') return real;
      return (...args: unknown[]) =>
        passGate(weather, mortal, {
          port: name,
          method,
          args,
          run: async (given) => real.apply(target, given) as unknown,
        });
    };
    const get = (_: object, method: string) => {
      if (!gates.has(method)) gates.set(method, gateOf(method));
      return gates.get(method);
    };
    Object.assign(ports, { [name]: new Proxy(target, { get }) });
  }
  return ports;
}

interface Call {
  port: (typeof REMOTE)[number];
  method: string;
  args: unknown[];
  run: (args: unknown[]) => Promise<unknown>;
}

async function passGate(weather: Weather, mortal: Mortal, call: Call): Promise<unknown> {
  const { scheduler, dice, profile, unruly } = weather;
  if (mortal.dead) return never();
  if (call.port === 'sender') call.args.push(scheduler.now(), mortal);
  // Most minutes of the due index are empty, and sweep reads very many of them.
  if (call.port === 'due' && call.method === 'page' && weather.nothingDue(call.args[0] as number)) {
    return call.run(call.args);
  }
  const slow = (unruly || profile.quiet) && dice.chance(profile.slow);
  await scheduler.wait(latency(weather, call, slow), mortal, unruly && dice.chance(0.3));
  const ghost = mortal.dead;
  const crash = ghost || !unruly || !dice.chance(profile.crash) ? undefined : dice.pick(['before', 'after']);
  if (crash === 'before') {
    mortal.die(`before ${call.port}.${call.method}`);
    return never();
  }
  const refusal = ghost ? undefined : refuse(weather, call);
  if (refusal) return failing(weather, mortal, call, refusal);
  weather.trace.call(scheduler.now(), mortal.name, call.port, call.method, call.args);
  const answer =
    call.port === 'sender' ? await call.run(call.args) : await scheduler.alone(() => effect(weather, mortal, call));
  if (crash) mortal.die(`after ${call.port}.${call.method}`);
  if (mortal.dead) return never();
  if (unruly && call.port !== 'sender' && dice.chance(profile.loseAnswer)) {
    return failing(weather, mortal, call, new weather.errors.ServiceFault('the answer was lost'));
  }
  if (slow && dice.chance(0.5)) await scheduler.wait(latency(weather, call, slow), mortal, false);
  return answer;
}

/** Milliseconds. What is between the last check and the request is short: the process does nothing else. */
function latency({ dice, profile }: Weather, { port }: Call, slow: boolean): number {
  if (port === 'sender') return slow ? dice.between(0, 800) : 0;
  if (slow) return (profile.quiet ? 300 : dice.pick([300, 1200, 4000, 12_000])) + dice.below(500);
  return dice.chance(0.3) ? 0 : dice.between(1, 15);
}

function refuse({ scheduler, dice, profile, unruly, errors, noteBug }: Weather, call: Call): Error | undefined {
  if (!unruly || call.port === 'sender') return undefined;
  const now = scheduler.now();
  const out = profile.outages.some(({ port, from, until }) => port === call.port && now >= from && now < until);
  if (dice.chance(profile.refuse) || (out && dice.chance(0.8))) return new errors.ServiceFault('throttled');
  if (call.port !== 'secrets' || !dice.chance(profile.bug)) return undefined;
  noteBug();
  return new TypeError('a bug');
}

function failing({ scheduler, trace }: Weather, mortal: Mortal, call: Call, error: Error): never {
  mortal.faults += 1;
  trace.note(scheduler.now(), mortal.name, `${call.port}.${call.method} fails: ${error.message}`);
  throw error;
}

/** The call itself, perhaps made twice; a batch of messages perhaps in part. */
async function effect(weather: Weather, mortal: Mortal, call: Call): Promise<unknown> {
  const { dice, profile, unruly } = weather;
  weather.current = mortal;
  if (WRITES.has(call.method)) judgeSize(call);
  if (unruly && call.method === 'send' && dice.chance(profile.refuse * 3)) await sendSome(weather, mortal, call);
  const answer = await call.run(call.args);
  const repeats = unruly && REPEATED.has(`${call.port}.${call.method}`) && dice.chance(profile.repeat);
  return repeats ? call.run(call.args) : answer;
}

/** A table refuses what is too large for it, always: whoever writes such an item never ends. */
function judgeSize({ port, method, args }: Call): void {
  if (JSON.stringify(args).length > MAX_ITEM_BYTES)
    throw new TypeError(`${port}.${method}: an item of more than 400 KB`);
}

/** Some messages of a batch are accepted, the others are not. */
async function sendSome(weather: Weather, mortal: Mortal, call: Call): Promise<void> {
  const [queue, messages] = call.args as [QueueName, OutgoingMessage[]];
  if (messages.length < 2) return;
  const accepted = messages.filter(() => weather.dice.chance(0.5));
  await call.run([queue, accepted]);
  failing(weather, mortal, call, new weather.errors.ServiceFault('a part of the batch was refused'));
}
