import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import type { LaunchOptions } from 'playwright-core';
import { ROOT } from '../../support/source-files.ts';

/** Beside the packages, where it stays until they are installed anew: unpacking takes a second, and 300 MB. */
const CACHE = join(ROOT, 'node_modules/.cache/postrider');

/**
 * How to start a real browser here: on x64 Linux the one that npm has installed, elsewhere the installed Chrome. With what
 * it brings the former also starts on a machine that has no libraries of a desktop.
 */
export async function foundBrowser(): Promise<LaunchOptions> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return { channel: 'chrome' };
  const folder = await unpackedBrowser();
  const { LD_LIBRARY_PATH } = process.env;
  return {
    executablePath: join(folder, 'chromium'),
    // A container has no user whom its sandbox could run as.
    chromiumSandbox: false,
    env: {
      ...process.env,
      FONTCONFIG_PATH: join(folder, 'fonts'),
      LD_LIBRARY_PATH: [join(folder, 'al2023/lib'), ...(LD_LIBRARY_PATH ? [LD_LIBRARY_PATH] : [])].join(':'),
    },
  };
}

async function unpackedBrowser(): Promise<string> {
  const manifest = findPackageJSON('@sparticuz/chromium', import.meta.url) ?? '';
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const folder = join(CACHE, `browser-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  // Another run may be unpacking too: whoever is first puts it there, whole.
  const fresh = mkdtempSync(`${folder}-`);
  await unpackInto(fresh, join(dirname(manifest), 'bin'));
  writeFileSync(join(fresh, 'fonts/fonts.conf'), fontsOf(folder));
  try {
    renameSync(fresh, folder);
  } catch {
    rmSync(fresh, { recursive: true, force: true });
  }
  return folder;
}

/** Its own names folders of Lambda's, and of the temporary one. Where it finds no font at all, the browser crashes. */
function fontsOf(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts/fonts')}</dir>
  <cachedir>${join(folder, 'fonts/cache')}</cachedir>
</fontconfig>
`;
}

/** The package unpacks into the temporary folder, wherever that is when it is asked. */
async function unpackInto(folder: string, packed: string): Promise<void> {
  const { inflate } = await import('@sparticuz/chromium');
  const { TMPDIR } = process.env;
  process.env['TMPDIR'] = folder;
  try {
    const files = ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'];
    await Promise.all(files.map((file) => inflate(join(packed, file))));
  } finally {
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
  }
}
