import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ROWS } from '../../../bin/prove/table.ts';

const proofs = ROWS.flatMap((row) => ('name' in row ? [row] : []));

test('has every row of docs/unproven.md, in its order, and no other', () => {
  const page = readFileSync('docs/unproven.md', 'utf8');
  const claims = [...page.matchAll(/^\| (?!claim |-)(.+?) +\| /gm)].map(([, claim]) => claim);
  expect(claims.length).toBeGreaterThan(40);
  expect(ROWS.map(({ claim }) => claim)).toEqual(claims);
});

test('has a file for each row that a command can show, of its name', () => {
  const files = readdirSync('bin/prove/rows').map((file) => file.replace('.ts', ''));
  expect(proofs.map(({ name }) => name).toSorted()).toEqual(files.toSorted());
});

test('says of every other row why it takes a person', () => {
  const others = ROWS.flatMap((row) => ('why' in row ? [row.why] : []));
  expect(others.length + proofs.length).toBe(ROWS.length);
  for (const why of others) expect(why).toMatch(/^\w.{10,}$/);
});

test('docs/unproven.md names each row that a command shows', () => {
  const page = readFileSync('docs/unproven.md', 'utf8');
  const [, list = ''] = /shows these rows:\n\n(.*?)\n\n/s.exec(page) ?? [];
  const named = [...list.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name);
  expect(named.toSorted()).toEqual(proofs.map(({ name }) => name).toSorted());
});
