import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Listener } from '../../../lib/local/service/listener.ts';
import { PUBLIC_ADDRESS_CERTIFICATE } from '../../support/tls-test-certificates.ts';
import { killAll, listProcesses } from './processes.ts';
import { RECEIVERS_ON_LOOPBACK } from './receiver-place.ts';
import { startRecordingProxy } from './recording-proxy.ts';
import { pythonOf } from './tools.ts';

export interface Emulator {
  /** The endpoint of AWS: a recording proxy in front of the emulator. */
  proxy: Listener;
  /** Where the emulator's and the functions' lines are. */
  logFile: string;
  stop(): Promise<void>;
}

export interface EmulatorOptions {
  /** With the command `ministack`. */
  path: string;
  /** Of this run: everything that the emulator writes is in it. */
  workFolder: string;
  receiversOnLoopback: boolean;
}

const START_LIMIT_MS = 60_000;
const SHOWN_CHARACTERS = 2000;
const STOP_LIMIT_MS = 10_000;
const SERVER = join(import.meta.dirname, 'emulator.py');
const PRELOAD = new URL('function-preload.ts', import.meta.url).href;
/** The credentials of the account's root, for all but the functions. */
export const ROOT_CREDENTIALS = {
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
};

/** MiniStack on loopback, with rights enforced, and its functions' requests recorded. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  await using starting = new AsyncDisposableStack();
  const port = await freePort();
  const proxy = await startRecordingProxy(port);
  starting.defer(() => proxy.close());
  const logFile = join(options.workFolder, 'ministack.log');
  // The command `ministack` listens where queue URLs point, and that must be the proxy.
  const args = [SERVER, `127.0.0.1:${port}`];
  const child = spawn(await pythonOf('ministack', options.path), args, {
    env: await environment(options, proxy),
    // It ends when its stdin does: with this process, even if that is killed.
    stdio: ['pipe', ...logTo(logFile)],
  });
  starting.defer(() => stopWithWorkers(child, options.workFolder));
  await healthy(child, `http://127.0.0.1:${port}/_ministack/health`, logFile);
  const running = starting.move();
  return { proxy, logFile, stop: () => running.disposeAsync() };
}

async function environment(
  { path, workFolder, receiversOnLoopback }: EmulatorOptions,
  proxy: Listener,
): Promise<NodeJS.ProcessEnv> {
  const authority = join(workFolder, 'receivers.pem');
  await writeFile(authority, PUBLIC_ADDRESS_CERTIFICATE);
  const temporary = join(workFolder, 'tmp');
  await mkdir(temporary);
  return {
    ...ROOT_CREDENTIALS,
    PATH: path,
    HOME: workFolder,
    TMPDIR: temporary,
    STATE_DIR: join(workFolder, 'state'),
    S3_DATA_DIR: join(workFolder, 's3'),
    GATEWAY_PORT: String(proxy.port),
    // IAM is enforced, and each function gets the credentials of its role.
    AUTH: 'true',
    // All below is for the functions, which inherit it.
    AWS_ENDPOINT_URL: proxy.url,
    NODE_OPTIONS: `--import=${PRELOAD}`,
    NODE_EXTRA_CA_CERTS: authority,
    ...(receiversOnLoopback && { [RECEIVERS_ON_LOOPBACK]: '1' }),
  };
}

function logTo(file: string): ['pipe' | number, 'pipe' | number] {
  const handle = openSync(file, 'a');
  return [handle, handle];
}

async function healthy(child: ChildProcess, url: string, logFile: string): Promise<void> {
  const end = Date.now() + START_LIMIT_MS;
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    if (child.exitCode !== null || Date.now() > end) {
      throw new Error(`MiniStack did not start:\n${(await readFile(logFile, 'utf8')).slice(-SHOWN_CHARACTERS)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** It ends its workers when it is asked to end; those of one that is killed have its folder in their arguments. */
async function stopWithWorkers(child: ChildProcess, workFolder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await ended;
    clearTimeout(limit);
  }
  killAll(await listProcesses(workFolder));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
