import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ROOT } from './support/source-files.ts';

interface LockedPackage {
  version: string;
  license?: string;
  dev?: boolean;
  devOptional?: boolean;
  /** A workspace of this repository. */
  link?: boolean;
}

/** Of what is bundled or installed to run: permissive, so that Apache-2.0 may stand over the whole. */
const SHIPPED = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0']);
/** Of tools, which are used and not passed on. */
const TOOLS = new Set([
  ...SHIPPED,
  'BlueOak-1.0.0',
  'MPL-2.0',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
  '(MIT OR GPL-3.0-or-later)',
]);

const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, LockedPackage>;
};
const packages = Object.entries(lock.packages)
  .filter(([path, { link }]) => path.includes('node_modules/') && !link)
  .map(([path, one]) => ({ ...one, name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length) }));
const isTool = ({ dev, devOptional }: LockedPackage) => dev === true || devOptional === true;

test('every package that ships has a permissive licence, and every tool one that lets us use it', () => {
  const others = packages.filter((one) => !(isTool(one) ? TOOLS : SHIPPED).has(one.license ?? ''));
  expect(others.map(({ name, version, license }) => `${name}@${version}: ${license}`)).toEqual([]);
  expect(packages.filter((one) => !isTool(one)).length).toBeGreaterThan(10);
});

test(
  'the software bill of materials names every package that ships, with its licence',
  { timeout: 60_000 },
  async () => {
    const args = ['run', '--silent', 'sbom'];
    const { stdout } = await promisify(execFile)('npm', args, { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 });
    const { bomFormat, components } = JSON.parse(stdout) as {
      bomFormat: string;
      components: { name: string; version: string; licenses?: { license?: { id?: string } }[] }[];
    };
    expect(bomFormat).toBe('CycloneDX');
    const listed = new Map(components.map((one) => [`${one.name}@${one.version}`, one.licenses?.[0]?.license?.id]));
    for (const { name, version, license } of packages.filter((one) => !isTool(one))) {
      expect(listed.get(`${name}@${version}`), name).toBe(license);
    }
  },
);
