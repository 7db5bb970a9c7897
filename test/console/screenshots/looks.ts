import type { BrowserContextOptions, Page } from 'playwright-core';

export interface Look {
  name: string;
  context: BrowserContextOptions;
  /** Makes every word of the page as long as those of other languages are. */
  isWordy?: boolean;
}

const WIDE = { viewport: { width: 1280, height: 800 } };
const NARROW = { viewport: { width: 360, height: 740 } };
/** 1280 px at 200 %. */
const ZOOMED = { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 };

export const LOOKS: readonly Look[] = [
  { name: 'light', context: { ...WIDE, colorScheme: 'light' } },
  { name: 'dark', context: { ...WIDE, colorScheme: 'dark' } },
  { name: 'narrow', context: { ...NARROW, colorScheme: 'light' } },
  { name: 'narrow-dark', context: { ...NARROW, colorScheme: 'dark' } },
  { name: 'zoomed', context: { ...ZOOMED, colorScheme: 'light' } },
  { name: 'zoomed-dark', context: { ...ZOOMED, colorScheme: 'dark' } },
  { name: 'wordy', context: { ...WIDE, colorScheme: 'light' }, isWordy: true },
  { name: 'wordy-narrow', context: { ...NARROW, colorScheme: 'light' }, isWordy: true },
];

/** Runs in the page. German takes some 40 % more letters than English; what customers and servers wrote stays. */
const LENGTHEN = `(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const longer = (word) => word + 'en'.repeat(Math.ceil(word.length * 0.2));
  // What stays on the page from place to place is lengthened once.
  const done = (window.lengthened ??= new WeakMap());
  while (walker.nextNode()) {
    const { currentNode: text } = walker;
    if (text.parentElement.closest('pre, code, .mono, option') || done.get(text) === text.data) continue;
    text.data = text.data.replace(/[A-Za-z’]{3,}/g, longer);
    done.set(text, text.data);
  }
  for (const option of document.querySelectorAll('option')) option.label = option.label.replace(/[A-Za-z]{3,}/g, longer);
})()`;

export async function lengthenWords(page: Page): Promise<void> {
  await page.evaluate(LENGTHEN);
}
