import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** WCAG 2.2 AA and what comes before it, and axe's own good habits. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

let isLooking = true;

/**
 * Each look takes seconds of processor time, which the emulators in the same process then lack. The pages are the same
 * files on every backend: one of them is looked at.
 */
export function lookAtAccess(yes: boolean): void {
  isLooking = yes;
}

/** axe finds nothing on the page as it is now, in light and in dark, and nothing is wider than a small telephone. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of isLooking ? (['light', 'dark'] as const) : []) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Otherwise it opens a page for each result, to put those of other hosts' frames together: no page here has any.
    const axe = new AxeBuilder({ page }).withTags(RULES).setLegacyMode();
    const { violations } = await axe.analyze();
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary = '' }) => `${colorScheme} ${id}: ${html}\n${failureSummary}`),
    );
    expect(found).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null });
}

/** At 360 px, which is also 1,440 px at a zoom of 400 %, nothing has to be scrolled sideways. */
export async function expectNarrow(page: Page): Promise<void> {
  const before = page.viewportSize() ?? { width: 1280, height: 800 };
  await page.setViewportSize({ width: 360, height: 740 });
  const width = await page.evaluate<number>('document.documentElement.scrollWidth');
  expect(width).toBeLessThanOrEqual(360);
  await page.setViewportSize(before);
}
