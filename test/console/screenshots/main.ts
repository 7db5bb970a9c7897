// `npm run screenshots [-- SCREEN…]`: each screen in light, dark and as on a telephone, into .screenshots/.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { Api } from '../../e2e/api.ts';
import { ROOT } from '../../support/source-files.ts';
import { embeddedWithConsole } from '../support/backends.ts';
import { closeBrowser, openBrowser } from '../support/browser.ts';
import { makeSample } from './sample.ts';
import { type Shot, shotsOf } from './shots.ts';

const FOLDER = join(ROOT, '.screenshots');
const LOOKS = [
  { name: 'light', colorScheme: 'light', width: 1280, height: 800 },
  { name: 'dark', colorScheme: 'dark', width: 1280, height: 800 },
  { name: 'narrow', colorScheme: 'light', width: 375, height: 812 },
] as const;
/** What a page reads after it was opened is there then. */
const SETTLED_MS = 700;

const wanted = process.argv.slice(2);
const browser = await openBrowser();
if (!browser) process.exit(1);
const running = await embeddedWithConsole.start();
const sample = await makeSample(running);
mkdirSync(FOLDER, { recursive: true });
try {
  for (const look of LOOKS) {
    const { colorScheme, width, height } = look;
    const context = await browser.newContext({ colorScheme, viewport: { width, height }, locale: 'en-GB' });
    for (const shot of shotsOf(sample)) {
      if (wanted.length > 0 && !wanted.includes(shot.name)) continue;
      const page = await context.newPage();
      await signIn(page, shot);
      await page.screenshot({ path: join(FOLDER, `${shot.name}-${look.name}.png`) });
      await page.close();
    }
    await context.close();
  }
  console.log(`written to ${FOLDER}`);
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
