import { execFileSync, spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ACCESS, postrider } from './fake-terminal.ts';

const at = async (...words: string[]) => {
  const { code, stdout, stderr } = await postrider(['__complete', ...words], { env: ACCESS });
  expect(code, stderr).toBe(0);
  return stdout.split('\n').map((line) => line.split('\t')[0]);
};

test('commands, their parts and their options are completed', async () => {
  expect(await at('endp')).toEqual(['endpoints', '']);
  expect(await at('endpoints', 're')).toEqual(['resume', 'revoke', 'replay', '']);
  expect(await at('keys', 'rev')).toEqual(['revoke', '']);
  expect(await at('events', 'list', '--si')).toEqual(['--since', '']);
  expect(await at('events', 'list', '--outp')).toEqual(['--output', '']);
});

test('the values of an option are completed, and nothing else in their place', async () => {
  expect(await at('events', 'list', '--output', 'j')).toEqual(['json', 'jsonl', '']);
  expect(await at('deliveries', 'list', '--status', 'ex')).toEqual(['exhausted', '']);
  expect(await at('events', 'list', '--type', '')).toEqual(['']);
  expect(await at('completion', '')).toEqual(['bash', 'zsh', 'fish', '']);
});

test('the value of an option is completed in the same word, too', async () => {
  expect(await at('events', 'list', '--output=j')).toEqual(['--output=json', '--output=jsonl', '']);
  expect(await at('events', 'list', '--output=')).toHaveLength(5);
  expect(await at('events', 'list', '--type=x')).toEqual(['']);
  // As bash has it.
  expect(await at('events', 'list', '--output', '=', 'j')).toEqual(['json', 'jsonl', '']);
  expect(await at('events', 'list', '--output', '=')).toHaveLength(5);
});

const hasFish = spawnSync('fish', ['--version']).status === 0;
const hasZsh = spawnSync('zsh', ['--version']).status === 0;

test.runIf(hasFish)('the script for fish completes, and files where nothing else fits', async () => {
  const { stdout } = await postrider(['completion', 'fish'], { env: ACCESS });
  const use = (answer: string, line: string) => `function postrider; printf '${answer}'; end
    ${stdout}
    complete -C '${line}'`;
  const inFish = (script: string) => execFileSync('fish', ['--no-config', '-c', script], { encoding: 'utf8' });
  expect(inFish(use('events\\tAll of them\\n', 'postrider e'))).toBe('events\tAll of them\n');
  expect(inFish(use('', 'postrider verify package.j'))).toContain('package.json');
});

test.runIf(hasZsh)('the script for zsh is one that zsh can read', async () => {
  const { stdout } = await postrider(['completion', 'zsh'], { env: ACCESS });
  execFileSync('zsh', ['-n'], { input: stdout });
});

test('the script for bash is one that bash can read, and completes', async () => {
  const { stdout } = await postrider(['completion', 'bash'], { env: ACCESS });
  const use = `postrider() { printf 'events\\tAll of them\\nendpoints\\tx\\n'; }
    ${stdout}
    COMP_WORDS=(postrider e) COMP_CWORD=1; _postrider; echo "\${COMPREPLY[@]}"`;
  expect(execFileSync('bash', ['-c', use], { encoding: 'utf8' })).toBe('events endpoints\n');
});
