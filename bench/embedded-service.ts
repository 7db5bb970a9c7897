import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface MeasuredService {
  url: string;
  apiKey: string;
  pid: number;
  stop(): Promise<void>;
}

/**
 * The service as `npm start` runs it: in its own process, with a new folder on disk.
 * @param root the checkout that it runs from
 * @param options of `npm start`
 */
export async function startMeasuredService(
  root = process.cwd(),
  options: readonly string[] = [],
): Promise<MeasuredService> {
  const dataDir = await mkdtemp(join(tmpdir(), 'postrider-bench-'));
  const args = [startFileOf(root), '--no-demo', '--json', '--port', '0', '--data', dataDir, ...options];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    await gone;
    await rm(dataDir, { recursive: true, force: true });
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const fields = JSON.parse(line) as Record<string, string>;
    if (fields.event !== 'service.started') continue;
    child.stdout.resume();
    return { url: fields.url as string, apiKey: fields.api_key as string, pid: child.pid as number, stop };
  }
  await stop();
  throw new Error('the service ended before it was ready');
}

/** Earlier versions start with a file in TypeScript. */
function startFileOf(root: string): string {
  return ['bin/local.js', 'bin/local.ts'].find((file) => existsSync(join(root, file))) ?? 'bin/local.js';
}
