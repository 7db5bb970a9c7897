import { type Browser, chromium } from 'playwright-core';
import { foundBrowser } from './found-browser.ts';

/** One browser for all suites of a file: starting it costs more than most tests. */
let browser: Promise<Browser> | undefined;

/** @returns undefined where this machine has none, which a line says; with `CI` set that is a failure */
export async function openBrowser(): Promise<Browser | undefined> {
  try {
    return await (browser ??= chromium.launch(await foundBrowser()));
  } catch (cause) {
    if (process.env['CI'] !== undefined) throw new Error('No browser can be started here.', { cause });
    const [why] = String(cause instanceof Error ? cause.message : cause).split('\n');
    console.warn(`The tests of the console are skipped: no browser can be started here (${why}).`);
    return undefined;
  }
}

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}
