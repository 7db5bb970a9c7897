import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

/** Which folders of lib may import which: one way (ARCHITECTURE.md). */
const MAY_IMPORT: Record<string, readonly string[]> = {
  domain: [],
  dialects: ['domain'],
  ports: ['domain', 'dialects'],
  pipeline: ['domain', 'dialects', 'ports'],
  api: ['domain', 'dialects', 'ports', 'pipeline'],
  adapters: ['domain', 'ports'],
  infra: ['domain', 'api', 'ports', 'adapters'],
  local: ['domain', 'dialects', 'ports', 'pipeline', 'api', 'adapters'],
};

/** The core is pure: these modules do nothing but compute. */
const PURE_MODULES = ['node:crypto', 'node:net', 'ulid', 'ipaddr.js', 'zod'];

const root = resolve(import.meta.dirname, '..');
const layerOf = (file: string) => relative(join(root, 'lib'), file).split('/')[0] as string;

interface Source {
  file: string;
  name: string;
  text: string;
  imports: string[];
}

function sources(folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => {
      const file = join(root, folder, name);
      const text = readFileSync(file, 'utf8');
      const imports = [...text.matchAll(/(?:from|import\() ?'([^']+)'/g)].map((match) => match[1] as string);
      return { file, name: join(folder, name), text, imports };
    });
}

const lib = sources('lib');

describe('imports go one way', () => {
  test.each(lib)('$name', ({ file, imports }) => {
    const layer = layerOf(file);
    const allowed = MAY_IMPORT[layer] ?? [];
    for (const target of imports.filter((name) => name.startsWith('.'))) {
      const to = layerOf(resolve(dirname(file), target));
      expect([layer, ...allowed], `${layer} must not import ${target}`).toContain(to);
    }
  });
});

test('one adapter does not import another', () => {
  for (const { file, imports } of lib.filter(({ file: path }) => layerOf(path) === 'adapters')) {
    const own = relative(join(root, 'lib/adapters'), file).split('/')[0];
    for (const target of imports.filter((name) => name.startsWith('.'))) {
      const path = relative(join(root, 'lib/adapters'), resolve(dirname(file), target));
      if (!path.startsWith('..')) expect(path.split('/')[0], `${file} imports ${target}`).toBe(own);
    }
  }
});

test('the core gets time, randomness and ids as arguments', () => {
  const core = lib.filter(({ file }) => ['domain', 'dialects', 'pipeline'].includes(layerOf(file)));
  for (const { name, text, imports } of core) {
    expect(text, name).not.toMatch(/Date\.now\(|new Date\(\)|Math\.random\(|randomBytes\(|randomUUID\(|setTimeout\(/);
    for (const module of imports.filter((target) => !target.startsWith('.'))) {
      expect(PURE_MODULES, `${name} imports ${module}`).toContain(module);
    }
  }
});

test.each([
  ['encryption', /\bcreate(C|Dec)ipheriv\(/, 'lib/domain/aes-gcm.ts'],
  ['the log’s default lifetime', /\bDEFAULT_LOG_TTL_DAYS = /, 'lib/domain/log-lifetime.ts'],
  [
    'the queues’ limits',
    /maxReceives: \d|retentionSeconds: \d|\b(RETENTION|MAX_DELAY|MAX_VISIBILITY)_SECONDS = /,
    'lib/ports/queue-rules.ts',
  ],
])('%s stands in one file, which every layer that needs it may import', (_, pattern, file) => {
  expect(lib.filter(({ text }) => pattern.test(text)).map(({ name }) => name)).toEqual([file]);
});

test('a port is small enough to be implemented in a sitting', () => {
  for (const { name, text } of lib.filter(({ file }) => layerOf(file) === 'ports')) {
    expect(text.split('\n').length, name).toBeLessThanOrEqual(75);
  }
});

test('files are short, have kebab-case names and no default exports, and are no barrels', () => {
  for (const { name, text } of [...lib, ...sources('bin'), ...sources('test'), ...sources('bench')]) {
    expect(text.split('\n').length, name).toBeLessThanOrEqual(320);
    expect(name, name).toMatch(/^([a-z0-9-]+\/)*[a-z0-9-]+(\.[a-z]+)*\.ts$/);
    expect(name, name).not.toMatch(/(utils|helpers)/);
    expect(text, name).not.toMatch(/^export \* from/m);
  }
});
