import type { Ports } from '../../lib/ports/ports.ts';

/** One call of a port, as an interceptor sees it. */
export interface PortCall {
  port: keyof Ports;
  method: string;
  /** 0 for the first call of this process. */
  index: number;
}

/** Makes a call, or does something else in its place. */
export type Interceptor = (call: PortCall, run: () => Promise<unknown>) => Promise<unknown>;

/** The ports whose calls leave the process; time, randomness and log lines do not. */
const REMOTE = [
  'secrets',
  'sender',
  'queues',
  'endpoints',
  'subscriptions',
  'health',
  'slots',
  'brakes',
  'quotas',
  'events',
  'idempotency',
  'deliveries',
  'polls',
  'reader',
  'due',
  'jobs',
  'tenants',
  'tenantData',
  'audit',
  'factors',
  'numbers',
  'apiKeys',
  'alertAddresses',
  'mailer',
] as const satisfies (keyof Ports)[];

/** The same ports with every call of theirs passed through an interceptor. */
export function intercept(ports: Ports, interceptor: Interceptor): Ports {
  let index = 0;
  const wrapped = { ...ports };
  for (const name of REMOTE) {
    const port = ports[name];
    if (port === undefined) continue;
    Object.assign(wrapped, {
      [name]: new Proxy(port, {
        get(target, method: string) {
          const value: unknown = Reflect.get(target, method);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]) => {
            const call = { port: name, method, index };
            index += 1;
            return interceptor(call, async () => value.apply(target, args) as unknown);
          };
        },
      }),
    });
  }
  return wrapped;
}

/** The process is gone: nothing that it does from now on has an effect. */
export class Crash extends Error {
  override name = 'Crash';
}

export interface CrashPlan {
  /** The index of the call. */
  index: number;
  /** Dies before the call has its effect, or after it and before its answer. */
  moment: 'before' | 'after';
}

/** The life of a process: records its calls, and ends at the planned one. */
export class Life {
  readonly calls: PortCall[] = [];
  dead = false;
  readonly #plan: CrashPlan | undefined;

  constructor(plan?: CrashPlan) {
    this.#plan = plan;
  }

  readonly interceptor: Interceptor = async (call, run) => {
    if (this.dead) throw new Crash();
    this.calls.push(call);
    const dies = this.#plan?.index === call.index;
    if (dies) {
      this.dead = true;
      if (this.#plan?.moment === 'after') await run();
      throw new Crash();
    }
    const answer = await run();
    // It died meanwhile, in a concurrent call: this answer is lost.
    if (this.dead) throw new Crash();
    return answer;
  };
}
