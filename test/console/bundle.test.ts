import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { builtConsole } from '../../lib/local/console/built-console.ts';

const FIRST_LOAD_KIB = 60;

const built = await builtConsole();
if (!('folder' in built)) throw new Error(`The console can't be built: ${built.missing}`);
const { folder } = built;

const read = (path: string) => readFileSync(join(folder, path), 'utf8');
const page = read('index.html');
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
const scripts = files.filter((path) => path.endsWith('.js'));

/** Static imports, which a browser loads before the first line runs; `import()` is a call. */
const importsOf = (path: string) =>
  [...read(path).matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)].map(([, name]) => `assets/${name}`);

/** What a browser loads before the page shows anything: what the page names, and what that imports. */
function firstLoad(): Set<string> {
  const named = [...page.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, path]) => path as string);
  const loaded = new Set(['index.html', 'config.json', ...named]);
  for (const path of loaded) if (path.endsWith('.js')) for (const other of importsOf(path)) loaded.add(other);
  return loaded;
}

describe('the built console', () => {
  test(`loads at most ${FIRST_LOAD_KIB} KiB, gzipped, before it shows its first screen`, () => {
    const sizes = [...firstLoad()].map((path) => [path, gzipSync(read(path)).length] as const);
    expect(sizes.filter(([path]) => /\.(?:js|css)$/.test(path)).length).toBeGreaterThan(1);
    const sum = sizes.reduce((total, [, size]) => total + size, 0);
    expect(sum, JSON.stringify(Object.fromEntries(sizes))).toBeLessThanOrEqual(FIRST_LOAD_KIB * 1024);
  });

  test('names its files relative to itself, so that it works below any path', () => {
    const named = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address as string);
    expect(named.filter((address) => !address.startsWith('./'))).toEqual([]);
  });

  test('has nothing inline that its security policy would refuse', () => {
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle="|\son[a-z]+="/i);
  });

  test('ships no source maps, and no code that makes code or HTML of text', () => {
    expect(files.filter((path) => path.endsWith('.map'))).toEqual([]);
    for (const path of scripts)
      expect(read(path), path).not.toMatch(/\beval\(|new Function\(|insertAdjacentHTML|document\.write\(/);
  });

  test('keeps nothing in the browser', () => {
    for (const path of scripts)
      expect(read(path), path).not.toMatch(/localStorage|sessionStorage|indexedDB|document\.cookie/);
  });
});
