/** The last steps of a history, to explain a violation. Formats nothing unless it is on. */
export class Trace {
  readonly lines: string[] = [];
  readonly #startAt: number;
  readonly #kept: number;

  /** @param kept how many lines; 0: it is off */
  constructor(startAt: number, kept: number) {
    this.#startAt = startAt;
    this.#kept = kept;
  }

  call(at: number, who: string, port: string, method: string, args: readonly unknown[]): void {
    if (this.#kept === 0 || (port === 'due' && method === 'page')) return;
    this.note(at, who, `${port}.${method} ${brief(args)}`);
  }

  note(at: number, who: string, what: string): void {
    if (this.#kept === 0) return;
    const seconds = ((at - this.#startAt) / 1000).toFixed(3).padStart(12);
    this.lines.push(`${seconds} s  ${who.padEnd(10)} ${what}`);
    if (this.lines.length > this.#kept) this.lines.shift();
  }
}

/** Shortens ids to their last four characters, and records and messages to what matters. */
function brief(args: readonly unknown[]): string {
  return args.map((arg) => shorten(JSON.stringify(pruned(arg)) ?? '')).join(' ');
}

const TOLD = new Set([
  'status',
  'statusReason',
  'endpointId',
  'eventId',
  'epoch',
  'dueAt',
  'checkAt',
  'heldAt',
  'generation',
  'kind',
  'step',
  'body',
  'delaySeconds',
  'url',
  'key',
  'leaseToken',
  'consecutiveFailures',
  'dlqPending',
  'faults',
  'abandonBefore',
  'id',
]);

function pruned(arg: unknown): unknown {
  if (Array.isArray(arg)) return arg.map(pruned);
  if (typeof arg !== 'object' || arg === null) return arg;
  const told = Object.entries(arg).filter(([name]) => TOLD.has(name));
  const { attempts } = arg as { attempts?: unknown };
  const count = Array.isArray(attempts) ? attempts.length : attempts;
  return Object.fromEntries(
    [...told, ...(count === undefined ? [] : [['attempts', count] as const])].filter(
      ([, value]) => !(value instanceof Uint8Array),
    ),
  );
}

function shorten(text: string): string {
  return text
    .replaceAll(/\b(ep|evt|job|del)_[0-9A-Z]+/g, (id, prefix: string) => `${prefix}…${id.slice(-4)}`)
    .replaceAll(String.raw`\"`, '')
    .replaceAll('"', '')
    .slice(0, 260);
}
