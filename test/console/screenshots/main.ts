// `npm run screenshots [-- SCREEN… LOOK…]`: each screen, dialog and state, whole, in each look, into .screenshots/.
// With `--docs`: those of the docs alone, as much as a window shows, into docs/images/.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type Page, chromium } from 'playwright-core';
import type { RunningBackend } from '../../e2e/backend.ts';
import { ROOT } from '../../support/source-files.ts';
import { embeddedWithConsole } from '../support/backends.ts';
import { foundBrowser } from '../support/found-browser.ts';
import { dialogsOf } from './dialogs.ts';
import { withFontsOfMachine } from './fonts.ts';
import { LOOKS, type Look, lengthenWords } from './looks.ts';
import { type Sample, makeSample } from './sample.ts';
import { type Shot, shotsOf } from './shots.ts';
import { statesOf } from './states.ts';
import { Visit } from './visit.ts';

/** What README.md and docs/console.md show, each in one look. */
const OF_DOCS: Readonly<Record<string, string>> = {
  endpoints: 'light',
  'new-endpoint-filled': 'light',
  delivery: 'light',
  deliveries: 'dark',
  'event-type': 'light',
  overview: 'dark',
};

const isOfDocs = process.argv.includes('--docs');
const asked = process.argv.slice(2).filter((one) => one !== '--docs');
const folder = process.env['SCREENSHOTS_FOLDER'] ?? join(ROOT, isOfDocs ? 'docs/images' : '.screenshots');
const looks = LOOKS.filter(({ name }) => asked.includes(name));
const names = asked.filter((one) => !LOOKS.some(({ name }) => name === one));
const isWanted = (shot: string, look: string) =>
  isOfDocs ? OF_DOCS[shot] === look : names.length === 0 || names.includes(shot);

const { options, remove } = withFontsOfMachine(await foundBrowser());
const browser = await chromium.launch(options);
const running = await embeddedWithConsole.start();
const sample = await makeSample(running, isOfDocs);
mkdirSync(folder, { recursive: true });
try {
  for (const look of looks.length > 0 ? looks : LOOKS) await takeAll(browser, running, sample, look);
  console.log(`written to ${folder}`);
} finally {
  await sample.stop();
  await running.stop();
  await browser.close();
  remove();
}

async function takeAll(browser: Browser, running: RunningBackend, sample: Sample, look: Look): Promise<void> {
  const wanted = [...shotsOf(sample), ...dialogsOf(sample), ...statesOf(sample)].filter(({ name }) =>
    isWanted(name, look.name),
  );
  if (wanted.length === 0) return;
  const context = await browser.newContext({ ...look.context, locale: 'en-GB', reducedMotion: 'reduce' });
  const visit = new Visit(context, running, sample.tenants);
  for (const shot of wanted) await take(visit, shot, look);
  await context.close();
}

/** A window as high as the page: what sticks to its edges, and rows that are drawn once they are seen, are in their places. */
async function showAll(page: Page): Promise<void> {
  const { width, height } = page.viewportSize() as { width: number; height: number };
  const whole = await page.evaluate<number>('document.documentElement.scrollHeight');
  await page.setViewportSize({ width, height: Math.max(height, whole) });
  await page.waitForTimeout(150);
}

/** One that can't be taken is no reason to do without the others. */
async function take(visit: Visit, shot: Shot, look: Look): Promise<void> {
  try {
    const page = await visit.to(shot);
    if (look.isWordy) await lengthenWords(page);
    if (!isOfDocs) await showAll(page);
    if (isOfDocs) await page.evaluate('scrollTo(0, 0)');
    const file = isOfDocs ? `${shot.name}.png` : `${shot.name}-${look.name}.png`;
    await page.screenshot({ path: join(folder, file) });
    if (look.context.viewport) await page.setViewportSize(look.context.viewport);
    await shot.after?.(page);
  } catch (cause) {
    process.exitCode = 1;
    console.error(`${shot.name}, ${look.name}: ${cause instanceof Error ? cause.message : cause}`);
  }
}
