// `npm run screenshots [-- SCREEN…]`: each screen, whole, in light, dark, as on a small telephone and at a zoom of 200 %,
// into .screenshots/. With `--docs`: those of the docs alone, as much as a window shows, into docs/images/.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { Api } from '../../e2e/api.ts';
import { ROOT } from '../../support/source-files.ts';
import { embeddedWithConsole } from '../support/backends.ts';
import { closeBrowser, openBrowser } from '../support/browser.ts';
import { makeSample } from './sample.ts';
import { type Shot, shotsOf } from './shots.ts';

const LOOKS = [
  { name: 'light', colorScheme: 'light', width: 1280, height: 800 },
  { name: 'dark', colorScheme: 'dark', width: 1280, height: 800 },
  { name: 'narrow', colorScheme: 'light', width: 360, height: 740 },
  { name: 'zoomed', colorScheme: 'light', width: 640, height: 400, deviceScaleFactor: 2 },
] as const;
/** What a page reads after it was opened is there then. */
const SETTLED_MS = 700;

/** What README.md and docs/console.md show, each in one look. */
const OF_DOCS: Readonly<Record<string, (typeof LOOKS)[number]['name']>> = {
  endpoints: 'light',
  'new-endpoint': 'light',
  delivery: 'light',
  deliveries: 'dark',
  'event-type': 'light',
  overview: 'dark',
};

const isOfDocs = process.argv.includes('--docs');
const folder = join(ROOT, isOfDocs ? 'docs/images' : '.screenshots');
const names = process.argv.slice(2).filter((one) => one !== '--docs');
const isWanted = (name: string, look: string) =>
  isOfDocs ? OF_DOCS[name] === look : names.length === 0 || names.includes(name);

const browser = await openBrowser();
if (!browser) process.exit(1);
const running = await embeddedWithConsole.start();
const sample = await makeSample(running);
mkdirSync(folder, { recursive: true });
try {
  for (const look of LOOKS) {
    const { name: _, width, height, ...how } = look;
    const context = await browser.newContext({ ...how, viewport: { width, height }, locale: 'en-GB' });
    for (const shot of shotsOf(sample)) {
      if (!isWanted(shot.name, look.name)) continue;
      const page = await context.newPage();
      await signIn(page, shot);
      const file = isOfDocs ? `${shot.name}.png` : `${shot.name}-${look.name}.png`;
      await page.screenshot({ path: join(folder, file), fullPage: !isOfDocs });
      await page.close();
    }
    await context.close();
  }
  console.log(`written to ${folder}`);
} finally {
  await sample.stop();
  await running.stop();
  await closeBrowser();
}

async function signIn(page: Page, { at, isOperator, prepare }: Shot): Promise<void> {
  const api = isOperator ? new Api(running) : new Api(running, sample.tenant);
  const path = `/v1/portal/sessions${isOperator ? '?platform=true' : ''}`;
  const { body } = await api.call('POST', path, { user: 'ada@acme.example', access: 'manage' });
  await page.goto(`${running.url}/#code=${body.code}`);
  await page.getByRole('navigation').waitFor();
  await page.evaluate(`location.hash = ${JSON.stringify(`#${at}`)}`);
  await page.waitForTimeout(SETTLED_MS);
  await prepare?.(page);
}
