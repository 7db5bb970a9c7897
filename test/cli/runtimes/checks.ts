import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { VERSION } from '../../../cli/src/version.ts';
// By its path: the package's own name leads to what was built, and `test:runtimes` runs without vitest's aliases.
import { signedMessage } from '../../../sdk/src/receive/testing.ts';
import { Receiver } from '../../e2e/receiver.ts';
import type { PackedCli } from '../package/packed.ts';

export interface CheckPlace {
  baseUrl: string;
  apiKey: string;
}

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const WAIT_MS = 20_000;

/** The package, run by one version of Node. */
class Program {
  readonly #node: string;
  readonly #packed: PackedCli;
  readonly #env: NodeJS.ProcessEnv;

  constructor(node: string, packed: PackedCli, { baseUrl, apiKey }: CheckPlace, tenant: string) {
    const access = { POSTRIDER_URL: baseUrl, POSTRIDER_API_KEY: apiKey, POSTRIDER_TENANT: tenant };
    this.#node = node;
    this.#packed = packed;
    this.#env = { ...process.env, ...access, POSTRIDER_CONFIG: join(packed.folder, 'none.json'), NO_COLOR: '1' };
  }

  /** @returns what it writes @throws Error where it does not end with 0 */
  async run(...args: string[]): Promise<string> {
    const options = { cwd: this.#packed.folder, env: this.#env };
    return (await promisify(execFile)(this.#node, [this.#packed.program, ...args], options)).stdout.trim();
  }

  start(...args: string[]): ChildProcess {
    return spawn(this.#node, [this.#packed.program, ...args], { env: this.#env, stdio: 'ignore' });
  }
}

type Check = (program: Program, packed: PackedCli) => Promise<void>;

/** What a release of Node could lack, by what is promised. */
const CHECKS: Readonly<Record<string, Check>> = {
  'it says its version': async (program) => expectEqual(await program.run('--version'), VERSION),

  'doctor finds nothing wrong': async (program) => {
    expectEqual((await program.run('doctor')).match(/^ok /gm)?.length, 5);
  },

  'listen forwards what comes, and cleans up': async (program) => {
    const receiver = await Receiver.start();
    const listening = program.start('listen', '--forward-to', receiver.url);
    try {
      await until(async () => (await program.run('endpoints', 'list', '-o', 'quiet')) !== '');
      const id = await program.run('trigger', 'task.completed', '--data', '{"n": 1}', '-o', 'quiet');
      await until(async () => receiver.of(id).length === 1);
      listening.kill('SIGINT');
      expectEqual((await once(listening, 'exit'))[0], 130);
      expectEqual(await program.run('endpoints', 'list', '-o', 'quiet'), '');
    } finally {
      listening.kill('SIGKILL');
      await receiver.stop();
    }
  },

  'a saved request is verified': async (program, { folder }) => {
    const file = join(folder, 'request.json');
    writeFileSync(file, JSON.stringify(await signedMessage({ type: 'a.b', data: {} }, { secret: SECRET })));
    expectEqual(JSON.parse(await program.run('verify', file, '--secret', SECRET, '-o', 'json')).type, 'a.b');
  },

  'types are made of the catalogue': async (program) => {
    const schema = '{"type": "object", "properties": {"n": {"type": "number"}}}';
    await program.run('event-types', 'create', '--type', 'typed.one', '--description', 'x', '--schema', schema);
    expectEqual(/"typed\.one": \{[^]*n\?: number/.test(await program.run('types')), true);
  },

  'a dry run of a replay counts by a filter': async (program) => {
    const about = ['--kind', 'poll', '--events', 'dry.*', '--filter', '{"n": {"$gt": 0.1}}'];
    const endpoint = await program.run('endpoints', 'create', ...about, '-o', 'quiet');
    for (const n of ['0.30000000000000004', '0.05'])
      await program.run('events', 'post', '--type', 'dry.run', '--data', `{"n": ${n}}`);
    const counted = await program.run('replay', endpoint, '--since', '1h', '--dry-run', '-o', 'json');
    expectEqual(counted.replaceAll(/\s/g, ''), '[{"type":"dry.run","events":1}]');
  },

  'a link into the console is made': async (program) => {
    expectEqual(/^http\S+#code=/.test(await program.run('open', '--print', '--console', 'http://console.test')), true);
  },
};

/** @returns the promises that were broken, with what happened */
export async function brokenOn(node: string, packed: PackedCli, place: CheckPlace, tenant: string): Promise<string[]> {
  const program = new Program(node, packed, place, tenant);
  const broken: string[] = [];
  for (const [promise, check] of Object.entries(CHECKS))
    await check(program, packed).catch((error: unknown) => broken.push(`${promise}: ${String(error)}`));
  return broken;
}

export const PROMISES = Object.keys(CHECKS).length;

function expectEqual(is: unknown, wanted: unknown): void {
  if (is !== wanted) throw new Error(`${JSON.stringify(is)} instead of ${JSON.stringify(wanted)}`);
}

async function until(isThere: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + WAIT_MS; !(await isThere()); await new Promise((resolve) => setTimeout(resolve, 100)))
    if (Date.now() > end) throw new Error('it did not come');
}
