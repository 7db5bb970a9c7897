import { execFileSync } from 'node:child_process';
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

test('the script for bash is one that bash can read, and completes', async () => {
  const { stdout } = await postrider(['completion', 'bash'], { env: ACCESS });
  const use = `postrider() { printf 'events\\tAll of them\\nendpoints\\tx\\n'; }
    ${stdout}
    COMP_WORDS=(postrider e) COMP_CWORD=1; _postrider; echo "\${COMPREPLY[@]}"`;
  expect(execFileSync('bash', ['-c', use], { encoding: 'utf8' })).toBe('events endpoints\n');
});
