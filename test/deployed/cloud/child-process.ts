import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { Socket } from 'node:net';

type Options = Pick<SpawnOptions, 'cwd' | 'env'>;

const SHOWN_CHARACTERS = 4000;
/** Of a command in this terminal: closed when this process ends, however it does. */
const TETHER = 3;
/** With the signal that ends each. */
const running = new Map<ChildProcess, NodeJS.Signals>();

/**
 * Runs a command to its end, and answers what it wrote to stdout.
 * @throws Error with the end of what it wrote, when its exit code is not 0
 */
export async function run(command: string, args: readonly string[], options: Options = {}): Promise<string> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, all] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    all += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (all += text));
  const code = await ended(child);
  if (code === 0) return stdout;
  throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${all.slice(-SHOWN_CHARACTERS)}`);
}

/**
 * Runs a command that writes to this terminal. Answers its exit code.
 * @param endedBy the signal that ends it; a command that ignores SIGTERM needs another
 */
export async function runInTerminal(
  command: string,
  args: readonly string[],
  options: Options,
  endedBy: NodeJS.Signals = 'SIGTERM',
): Promise<number> {
  const stdio = ['inherit', 'inherit', 'inherit', 'pipe'] as const;
  return (await ended(spawn(command, args, { ...options, stdio: [...stdio] }), endedBy)) ?? 1;
}

/** Asks this process to end, as a signal does, once the one that runs it in its terminal is gone, even if it was killed. */
export function endWithParent(): void {
  const tether = new Socket({ fd: TETHER, readable: true, writable: false });
  tether.on('error', () => {}).on('close', () => process.kill(process.pid, 'SIGTERM'));
  tether.resume().unref();
}

/**
 * From now on a signal ends the commands that run, and this process by what follows from that, so that it stops what it
 * started. Ctrl-C reaches them by the terminal.
 */
export function endBySignals(): void {
  process.on('SIGINT', () => {});
  for (const name of ['SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      for (const [child, signal] of running) child.kill(signal);
    });
  }
}

function ended(child: ChildProcess, endedBy: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  running.set(child, endedBy);
  return new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  }).finally(() => running.delete(child));
}
