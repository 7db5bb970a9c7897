import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../support/source-files.ts';
import { type Packed, packedSdk } from './packed.ts';

let packed: Packed;
beforeAll(() => {
  packed = packedSdk();
}, 60_000);
afterAll(() => packed.remove());

const installed = () => join(packed.project, 'node_modules/@postrider/sdk');
const manifest = JSON.parse(readFileSync('sdk/package.json', 'utf8')) as { exports: Record<string, unknown> };
const ENTRIES = Object.keys(manifest.exports)
  .filter((name) => name !== './package.json')
  .map((name) => `@postrider/sdk${name.slice(1)}`);

test('what is published is what was built, and nothing else', () => {
  expect(readdirSync(installed()).toSorted()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
  expect(readFileSync(join(installed(), 'LICENSE'), 'utf8')).toBe(readFileSync('LICENSE', 'utf8'));
  expect(readdirSync(join(packed.project, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
    '@postrider',
  ]);
});

test('publint finds nothing wrong with it', async () => {
  const { messages } = await publint({ pkgDir: installed(), strict: true, pack: false });
  expect(messages).toEqual([]);
});

describe.each(ENTRIES)('%s', (entry) => {
  /** The names that a program finds there. */
  const namesBy = (program: string) =>
    JSON.parse(execFileSync(process.execPath, ['-e', program], { cwd: packed.project, encoding: 'utf8' })) as string[];

  test('is imported, and required from CommonJS, with the same names', () => {
    const imported = namesBy(`import('${entry}').then((it) => console.log(JSON.stringify(Object.keys(it))))`);
    const required = namesBy(`console.log(JSON.stringify(Object.keys(require('${entry}'))))`);
    expect(imported.length).toBeGreaterThan(0);
    expect(required.filter((name) => name !== '__esModule')).toEqual(imported);
  });
});

/** In a project with no types but those that it is given. */
function typeErrors(program: string, options: object): string {
  writeFileSync(join(packed.project, 'program.ts'), program);
  const compilerOptions = { module: 'nodenext', target: 'es2022', strict: true, noEmit: true, skipLibCheck: false };
  writeFileSync(
    join(packed.project, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...compilerOptions, ...options }, files: ['program.ts'] }),
  );
  try {
    execFileSync(join(ROOT, 'node_modules/.bin/tsc'), { cwd: packed.project, encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

describe.each([
  ['the types of a browser', { lib: ['es2022', 'dom'], types: [] }],
  ['the types of Node', { lib: ['es2022'], types: ['node'], typeRoots: [join(ROOT, 'node_modules/@types')] }],
])('its types, beside %s', (_, options) => {
  const imports = ENTRIES.map((entry, index) => `import * as m${index} from '${entry}'; void m${index};`).join('\n');
  const client = `import { Postrider } from '@postrider/sdk';
    const client = new Postrider<{ 'a.b': { n: number } }>({ apiKey: 'prk_x', baseUrl: 'http://a.test' });`;

  test('are whole', () => {
    expect(
      typeErrors(
        `${imports}\n${client} export const id: Promise<string> = client.events.get('x').then((e) => e.id);`,
        options,
      ),
    ).toBe('');
  });

  test('refuse an event with the data of another', () => {
    expect(typeErrors(`${client} void client.events.post({ type: 'a.b', data: { n: 'x' } });`, options)).toMatch(
      /TS2322/,
    );
  });
});

/** In bytes, minified and compressed, with all that it imports. */
async function sizeOf(entry: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${entry}'`, resolveDir: packed.project },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  return gzipSync(outputFiles[0]?.contents ?? new Uint8Array(), { level: 9 }).length;
}

test.each(ENTRIES.map((entry) => ({ entry, kib: entry === '@postrider/sdk' ? 8 : 4 })))(
  '$entry has at most $kib KiB compressed',
  async ({ entry, kib }) => {
    const size = await sizeOf(entry);
    expect(size).toBeGreaterThan(1000);
    expect(size).toBeLessThanOrEqual(kib * 1024);
  },
);
