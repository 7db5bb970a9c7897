// Node loads this in each process that the emulator runs a function in (NODE_OPTIONS), before anything else. It gives an
// invocation what Lambda gives it and the emulator does not: a trace header, which the SDK then hands on by itself.
import net from 'node:net';
import readline from 'node:readline';
import { formatTrace } from '../calls/trace-header.ts';
import { RECEIVER_IP, RECEIVERS_ON_LOOPBACK } from './receiver-place.ts';

/** A line that the emulator writes to its Node worker: the first is about the function, all others are invocations. */
interface WorkerLine {
  event?: { Records?: { messageId?: string }[] };
  ctx?: { trace_id: string | null };
}

const { createInterface } = readline;

readline.createInterface = ((...args: Parameters<typeof createInterface>) => {
  const lines = createInterface(...args);
  const emit = lines.emit.bind(lines) as (name: string, ...rest: unknown[]) => boolean;
  lines.emit = (name: string, ...rest: unknown[]) =>
    name === 'line' ? emit(name, traced(rest[0] as string)) : emit(name, ...rest);
  return lines;
}) as typeof createInterface;

// What a function asks as it is loaded is noted, too; Lambda has no trace for it.
process.env._X_AMZN_TRACE_ID = traceOf([]);

function traceOf(received: string[]): string {
  const functionName = process.env.AWS_LAMBDA_FUNCTION_NAME ?? '';
  return formatTrace({ functionName, startedAt: Date.now(), received });
}

function traced(text: string): string {
  const line = JSON.parse(text) as WorkerLine;
  if (!line.ctx) return text;
  const received = (line.event?.Records ?? []).map(({ messageId }) => messageId).filter((id) => id !== undefined);
  line.ctx.trace_id = traceOf(received);
  return JSON.stringify(line);
}

if (process.env[RECEIVERS_ON_LOOPBACK]) {
  const { connect } = net.Socket.prototype;
  // Only the socket goes elsewhere: the function has judged the public address, and TLS verifies it.
  net.Socket.prototype.connect = function connectHere(this: net.Socket, ...args: unknown[]) {
    const first = args[0];
    const [options, ...rest] = Array.isArray(first) ? first : [first];
    if (options?.host !== RECEIVER_IP) return Reflect.apply(connect, this, args);
    const there = { ...options, host: '127.0.0.1' };
    if (!Array.isArray(first)) return Reflect.apply(connect, this, [there, ...args.slice(1)]);
    return Reflect.apply(connect, this, [Object.assign([there, ...rest], symbolsOf(first))]);
  } as typeof connect;
}

/** Node marks arguments that it has put in order by a symbol. */
function symbolsOf(from: object): Record<symbol, unknown> {
  return Object.fromEntries(
    Object.getOwnPropertySymbols(from).map((symbol) => [symbol, (from as Record<symbol, unknown>)[symbol]]),
  ) as Record<symbol, unknown>;
}
