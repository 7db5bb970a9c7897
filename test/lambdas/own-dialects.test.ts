import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, expect, test } from 'vitest';
import { readDialects } from '../../lib/dialects/own-dialects.ts';
import { bundleOptions } from '../../lib/infra/bundled-lambda.ts';
import type { WrittenIn } from '../../lib/infra/written-in.ts';
import { PostriderStack } from '../../lib/infra/postrider-stack.ts';
import { newApp } from '../infra/synthesized.ts';

const folder = mkdtempSync(join(tmpdir(), 'postrider-dialects-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dialects = readDialects({ 'of-a-stack': { envelope: 'data', headers: [{ name: 'X-Kind', value: '{type}' }] } });

test.each(['endpoints', 'account', 'dispatch', 'jobs'] as const)(
  '%s carries the dialects of its deployment in its code, and no other does',
  (entry) => {
    const codeWith = (written: Partial<WrittenIn>) => {
      const { outputFiles } = buildSync({ ...bundleOptions(entry, folder, written), write: false as const });
      return outputFiles.map(({ text }) => text).join('');
    };
    expect(codeWith({ dialects })).toContain('of-a-stack');
    expect(codeWith({})).not.toContain('of-a-stack');
  },
);

/** What plain Node prints for a bundle of some lines. */
function runBundled(contents: string): string {
  const { entryPoints: _, ...options } = bundleOptions('endpoints', folder, { dialects });
  buildSync({ ...options, stdin: { contents, resolveDir: join(import.meta.dirname, '../..'), loader: 'ts' } });
  return execFileSync(process.execPath, [join(folder, 'index.mjs')], { encoding: 'utf8' }).trim();
}

test('a function knows them once it has started, and renders with them', () => {
  const printed = runBundled(`
    import { addOwnDialects } from './lambdas/runtime/own-dialects.ts';
    import { dialectNamed } from './lib/dialects/index.ts';
    addOwnDialects();
    addOwnDialects();
    const event = { tenantId: 't', id: 'evt_01KGSA0000E8MZXV5RYCA3QHT7', type: 'a.b', data: '[1]', acceptedAt: 0, endpointIds: [] };
    const { headers, body } = await dialectNamed('of-a-stack').render({ event, deliveryId: 'd', url: 'u', secrets: [], now: 0 });
    console.log(headers['x-kind'], Buffer.from(body).toString());
  `);
  expect(printed).toBe('a.b [1]');
});

test('a stack with a dialect that can’t be used is not synthesized, and says what to change', () => {
  const broken = { dialects: { mine: { envelope: [{ name: 'a', from: 'nowhere' }] } } };
  const synthesize = () => new PostriderStack(newApp(), 'Broken', broken);
  expect(synthesize).toThrow('mine.envelope.0.from: must be one of id, uuid');
});
