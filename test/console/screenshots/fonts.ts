import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LaunchOptions } from 'playwright-core';

/** What the browser that npm installs brings has no letters of one width: pictures have the machine's, where it has any. */
const CONFIG = (brought: string, cache: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${brought}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${cache}</cachedir>
  <alias binding="strong"><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
  <alias binding="strong"><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
`;

/** @returns the options with the fonts of this machine, and what removes the files that say so */
export function withFontsOfMachine(options: LaunchOptions): { options: LaunchOptions; remove: () => void } {
  const brought = options.env?.['FONTCONFIG_PATH'];
  if (brought === undefined) return { options, remove: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'postrider-fonts-'));
  const file = join(folder, 'fonts.conf');
  writeFileSync(file, CONFIG(join(String(brought), 'fonts'), join(folder, 'cache')));
  return {
    options: { ...options, env: { ...options.env, FONTCONFIG_FILE: file } as Record<string, string> },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
