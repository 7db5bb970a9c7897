import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Postrider } from '@postrider/sdk';
import type { RunningBackend } from '../../e2e/backend.ts';
import { embedded } from '../../e2e/embedded.ts';
import { unusedPort } from '../../support/customer-server.ts';
import { type Packed, packedSdk } from './packed.ts';

// docs/quickstart.md with the package as it is installed: what the page says is what its reader sees.

const PAGE = readFileSync('docs/quickstart.md', 'utf8');
const run = promisify(execFile);

let packed: Packed;
let service: RunningBackend;
const environment: Record<string, string> = { NO_COLOR: '1' };
beforeAll(async () => {
  packed = packedSdk();
  service = await embedded.start();
  const port = await unusedPort();
  environment['POSTRIDER_API_KEY'] = service.apiKey;
  for (const [, name = '', text = ''] of PAGE.matchAll(/^```js\n\/\/ (\S+)\n([^]*?)^```$/gm)) {
    const here = text.replaceAll('http://127.0.0.1:8080', service.url).replaceAll('3000', String(port));
    writeFileSync(join(packed.project, name), here);
  }
}, 60_000);
afterAll(async () => {
  await service.stop();
  packed.remove();
});

/** What the page says that a program prints, with the ids that differ each time as patterns. */
function promised(program: string): RegExp {
  const [, comments = ''] = new RegExp(String.raw`^node ${program}\n((?:# .*\n)+)`, 'm').exec(PAGE) ?? [];
  const lines = comments.replaceAll(/^# /gm, '').replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${lines.replaceAll('…', String.raw`[\w+/=]+`)}`);
}

async function outputOf(program: string): Promise<string> {
  const env = { ...process.env, ...environment };
  const { stdout } = await run(process.execPath, [program], { cwd: packed.project, env });
  expect(stdout).toMatch(promised(program));
  return stdout;
}

/** Until it has printed a line so many times. */
async function printed(program: ChildProcess, line: string, times: number): Promise<void> {
  let output = '';
  for await (const chunk of program.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    output += String(chunk);
    if (output.split(line).length > times) return;
  }
  throw new Error(`It ended, and had printed: ${output}`);
}

test('its tarball has the name that the page installs', () => {
  expect(PAGE).toContain(`/${basename(packed.tarball)}\n`);
});

test('its programs print what it says', { timeout: 60_000 }, async () => {
  const sent = await outputOf('send.js');
  for (const [, name = '', value = ''] of sent.matchAll(/^export (\w+)=(\S+)$/gm)) environment[name] = value;
  const receiver = spawn(process.execPath, ['receive.js'], {
    cwd: packed.project,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const line = "received task.completed { task_id: 'TASK-001' }\n";
    expect(line).toMatch(promised('receive.js'));
    await printed(receiver, line, 1);
    const acme = new Postrider({ apiKey: service.apiKey, baseUrl: service.url, tenant: 'acme' });
    // The receiver's answer is recorded a moment after it.
    await expect.poll(() => acme.deliveries.list({ status: 'delivered' }).take(1), { timeout: 10_000 }).toHaveLength(1);
    await outputOf('retry.js');
    await printed(receiver, line, 1);
  } finally {
    receiver.kill();
  }
});
