import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Those whose names an older Node must know: it links all of them before it runs any. */
const LINKED = ['bin/local.js', 'bin/check-node.js', 'bin/compile-cache.js', 'bin/one-language.js'];

test('a start on an older Node says which one is needed', () => {
  const older = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '20.0.0' } })`;
  const { status, stderr } = spawnSync(process.execPath, ['--import', older, 'bin/local.js'], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([1, expect.stringContaining('Postrider needs Node 24')]);
});

test('what an older Node links before it says so imports nothing by name that it may lack', () => {
  const linked = LINKED.map((file) => readFileSync(file, 'utf8')).join('\n');
  const started = [...linked.matchAll(/^import (?:.* from )?'\.\/(.*)';$/gm)].map(([, name]) => `bin/${name}`);
  expect(new Set(['bin/local.js', ...started])).toEqual(new Set(LINKED));
  expect(linked.match(/^import \{.*\} from 'node:module';$/gm)).toBeNull();
});
