import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FILE, referencePage } from './reference.ts';

test('the reference in docs/cli.md is that of the commands', async () => {
  expect(readFileSync(FILE, 'utf8') === (await referencePage()), 'run `npm run reference`').toBe(true);
});
