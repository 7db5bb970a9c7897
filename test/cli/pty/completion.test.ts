import { spawn } from '@lydell/node-pty';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../support/source-files.ts';

// The scripts of `postrider completion` in the shells themselves: somebody types a part and presses Tab.

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'postrider-completion-'));
  const program = join(folder, 'postrider');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'cli/bin/postrider.js')}' "$@"\n`);
  chmodSync(program, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Shell {
  args: readonly string[];
  /** What is typed before, in one line. */
  setUp: string;
}

const SHELLS: Readonly<Record<string, Shell>> = {
  bash: { args: ['--norc', '--noprofile', '-i'], setUp: 'eval "$(postrider completion bash)"' },
  zsh: { args: ['-f', '-i'], setUp: 'autoload -U compinit && compinit -u -D; eval "$(postrider completion zsh)"' },
  fish: { args: ['--no-config', '-i'], setUp: 'postrider completion fish | source' },
};

/** What the line is once Tab was pressed. */
async function completedIn(name: string, { args, setUp }: Shell, typed: string, wanted: string): Promise<string> {
  const env = { ...process.env, PATH: [folder, process.env['PATH']].join(delimiter), TERM: 'xterm', HOME: folder };
  const pty = spawn(name, [...args], { cols: 200, rows: 40, cwd: ROOT, env: env as Record<string, string> });
  let screen = '';
  pty.onData((data) => (screen += data));
  const shown = () => stripVTControlCharacters(screen);
  const sees = (text: string) => expect.poll(shown, { timeout: 20_000, interval: 50 }).toContain(text);
  try {
    // The sum is on the screen only when it was worked out.
    pty.write(`${setUp}; ${name === 'fish' ? 'math 40+2000' : 'echo $((40+2000))'}\r`);
    await sees('2040');
    screen = '';
    pty.write(`${typed}\t`);
    await sees(wanted);
    return shown();
  } finally {
    pty.kill('SIGKILL');
  }
}

describe.each(Object.entries(SHELLS))('in %s', (name, shell) => {
  const isThere = spawnSync(name, ['--version']).status === 0;
  test.runIf(isThere).each([
    ['postrider endp', 'postrider endpoints '],
    ['postrider endpoints resu', 'postrider endpoints resume '],
    ['postrider deliveries list --stat', 'postrider deliveries list --status '],
    ['postrider deliveries list --status exh', '--status exhausted '],
    ['postrider deliveries list --status=exh', '--status=exhausted'],
  ])('%s is completed by Tab', { timeout: 60_000 }, async (typed, wanted) => {
    expect(await completedIn(name, shell, typed, wanted)).toContain(wanted);
  });
});
