import type { BrowserContext, Page } from 'playwright-core';

/** Runs in the page, before its own scripts. */
const REPORT_POLICY = `addEventListener('securitypolicyviolation', (event) =>
  console.error('policy:', event.violatedDirective, event.blockedURI, event.sample))`;

/**
 * What a page must never do, noted from its first request on: log an error, break its security policy, ask another host,
 * keep something in the browser.
 */
export class WatchedPage {
  readonly page: Page;
  readonly complaints: string[] = [];
  /** Errors that a test makes happen: their lines are no complaint. */
  readonly expected: RegExp[] = [];

  private constructor(page: Page) {
    this.page = page;
  }

  static async open(context: BrowserContext, origin: string): Promise<WatchedPage> {
    const watched = new WatchedPage(await context.newPage());
    const { page } = watched;
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') watched.complain(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => watched.complain(`uncaught: ${error.message}`));
    page.on('request', (request) => {
      const { protocol, origin: asked } = new URL(request.url());
      if (protocol !== 'data:' && asked !== origin) watched.complain(`another host was asked: ${request.url()}`);
    });
    await page.addInitScript({ content: REPORT_POLICY });
    return watched;
  }

  complain(line: string): void {
    if (!this.expected.some((pattern) => pattern.test(line))) this.complaints.push(line);
  }

  /** Whatever a page may leave behind in the browser; nothing is right. */
  async keptInBrowser(): Promise<string[]> {
    const inStorage = await this.page.evaluate<string[]>(
      '[...Object.keys(localStorage), ...Object.keys(sessionStorage)]',
    );
    const cookies = await this.page.context().cookies();
    return [...inStorage, ...cookies.map(({ name }) => `cookie ${name}`)];
  }
}
