import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { Api, type Json } from '../../e2e/api.ts';
import type { Backend } from '../../e2e/backend.ts';
import { Scene } from '../../e2e/scene.ts';
import { openBrowser } from './browser.ts';
import { WatchedPage } from './watched-page.ts';

/** Who looks at the console: a tenant that may only read, one that may change things, or the platform's operator. */
export type Viewer = 'read' | 'manage' | 'operator';

interface Opening {
  as?: Viewer;
  /** Where to go once signed in, as in the address's fragment: `/endpoints?status=paused`. */
  at?: string;
  /** More of what `POST /v1/portal/sessions` takes. */
  session?: Record<string, unknown>;
}

/** A running backend with the console, and pages in a real browser. What no page may ever do is checked after each test. */
export class ConsoleScene extends Scene {
  #context: BrowserContext | undefined;
  readonly #pages: WatchedPage[] = [];

  /** Registers the hooks: call it in a `describe`. */
  constructor(backend: Backend, name: string) {
    super(backend, name);
    beforeAll(async () => {
      const browser = await openBrowser();
      this.#context = await browser?.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
      this.#context?.setDefaultTimeout(30_000);
    });
    afterAll(() => this.#context?.close());
    afterEach(async () => {
      const pages = this.#pages.splice(0);
      for (const watched of pages) {
        if (!watched.page.isClosed()) expect(await watched.keptInBrowser()).toEqual([]);
        await watched.page.close();
      }
      expect(pages.flatMap(({ complaints }) => complaints)).toEqual([]);
    });
  }

  /** A page signed in by a link as a platform makes it. */
  async open({ as = 'manage', at, session }: Opening = {}): Promise<Page> {
    const page = await this.blankPage();
    await page.goto(await this.link(as, session));
    await page.getByRole('navigation').waitFor();
    if (at !== undefined) await this.go(page, at);
    return page;
  }

  /** The address of a new session, with its one-use code. */
  async link(as: Viewer, session: Record<string, unknown> = {}): Promise<string> {
    const made = await this.sessionOf(as, session);
    return `${this.running.url}/#code=${made.code}`;
  }

  async sessionOf(as: Viewer, session: Record<string, unknown> = {}): Promise<Json> {
    const body = { user: 'ada@example.com', access: as === 'operator' ? 'manage' : as, ...session };
    const isOperator = as === 'operator';
    const api = isOperator ? new Api(this.running) : this.api;
    const path = `/v1/portal/sessions${isOperator ? '?platform=true' : ''}`;
    const { status, body: made } = await api.call('POST', path, body);
    expect(status, JSON.stringify(made)).toBe(201);
    return made;
  }

  /** Goes where a link in the console would, without loading it anew: the session is in its memory only. */
  async go(page: Page, at: string): Promise<void> {
    await page.evaluate(`location.hash = ${JSON.stringify(`#${at}`)}`);
  }

  /** One that is not signed in, and has loaded nothing. */
  async blankPage(): Promise<Page> {
    return (await this.watchedPage()).page;
  }

  /** @param expected lines of the browser's console that the test makes happen */
  async watchedPage(...expected: RegExp[]): Promise<WatchedPage> {
    if (!this.#context) throw new Error('There is no browser here.');
    const watched = await WatchedPage.open(this.#context, this.running.url);
    watched.expected.push(...expected);
    this.#pages.push(watched);
    return watched;
  }
}
