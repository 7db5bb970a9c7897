import { access, mkdir, readFile, rm, rmdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from '../../../bin/refusal.ts';
import { run } from './child-process.ts';

/** Exact versions: of the emulator, and of the AWS command line that fits the same botocore. */
const PACKAGES = ['ministack==1.5.33', 'awscli==1.46.3'];
/** A machine without a way to a package index learns that in a minute. */
const PIP = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--timeout', '15', '--retries', '2'];
const COMMANDS = ['ministack', 'aws'];
const PYTHONS = ['python3', 'python'];
const LOOK_MS = 250;

/**
 * The `PATH` that has the emulator and the AWS command line: this process's own, or an environment of Python that is
 * made once, in the user's cache folder.
 * @throws Refusal that says in a line what to install
 */
export async function pathWithTools(): Promise<string> {
  const { PATH = '' } = process.env;
  if ((await Promise.all(COMMANDS.map((name) => isOnPath(name, PATH)))).every(Boolean)) return PATH;
  const folder = join(cacheFolder(), 'postrider', PACKAGES.join('-').replaceAll('==', '-'));
  const bin = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin');
  if (!(await isComplete(bin))) await makeEnvironmentOnce(folder, bin);
  return [bin, PATH].join(delimiter);
}

/**
 * The Python that a command is installed in: the first line of its file names it.
 * @throws Error when it does not
 */
export async function pythonOf(command: string, path: string): Promise<string> {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, command);
    if (!(await isThere(file))) continue;
    const [, python] = /^#!(\S+)/.exec(await readFile(file, 'utf8')) ?? [];
    if (python?.includes('python')) return python;
  }
  throw new Error(`The command ${command} is no Python script: take it off the PATH, and an environment is made.`);
}

/** What was begun and not finished lacks this. */
const isComplete = (bin: string) => isThere(join(bin, '.complete'));

/** @throws Refusal that says what to install */
async function makeEnvironmentOnce(folder: string, bin: string): Promise<void> {
  try {
    await mkdir(dirname(folder), { recursive: true });
    await withLock(`${folder}.lock`, async () => {
      if (!(await isComplete(bin))) await makeEnvironment(folder, bin);
    });
  } catch (cause) {
    const how = `install Python 3.10 or newer with venv, or "pip install ${PACKAGES.join(' ')}" onto the PATH`;
    throw new Refusal(`The deployed stack needs MiniStack, an emulator of AWS: ${how} (${lastLineOf(cause)}).`, {
      cause,
    });
  }
}

/** Of several runs one does it, and the others wait for that. */
async function withLock(lock: string, work: () => Promise<void>): Promise<void> {
  while (!(await isMade(lock))) {
    process.stderr.write(`Another run installs the tools, or was killed as it did: then remove ${lock}.\n`);
    while (await isThere(lock)) await sleep(LOOK_MS);
  }
  try {
    await work();
  } finally {
    await rmdir(lock);
  }
}

/** False: somebody else has made this folder. */
function isMade(folder: string): Promise<boolean> {
  return mkdir(folder).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
      return false;
    },
  );
}

async function makeEnvironment(folder: string, bin: string): Promise<void> {
  const python = await findPython();
  process.stderr.write(`Installing ${PACKAGES.join(' and ')} into ${folder}, once.\n`);
  await rm(folder, { recursive: true, force: true });
  await run(python, ['-m', 'venv', folder]);
  await run(join(bin, 'python'), [...PIP, ...PACKAGES]);
  await mkdir(join(bin, '.complete'));
}

/** Of what a command wrote before it failed. */
function lastLineOf(cause: unknown): string {
  return (
    String(cause instanceof Error ? cause.message : cause)
      .trim()
      .split('\n')
      .at(-1) ?? ''
  );
}

async function findPython(): Promise<string> {
  const { PATH = '' } = process.env;
  for (const name of PYTHONS) if (await isOnPath(name, PATH)) return name;
  throw new Error('there is no python3');
}

function cacheFolder(): string {
  if (process.env.XDG_CACHE_HOME) return process.env.XDG_CACHE_HOME;
  return process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
}

async function isOnPath(name: string, path: string): Promise<boolean> {
  const found = await Promise.all(path.split(delimiter).map((folder) => isThere(join(folder, name))));
  return found.some(Boolean);
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
