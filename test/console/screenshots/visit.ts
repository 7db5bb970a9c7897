import type { BrowserContext, Page } from 'playwright-core';
import { Api } from '../../e2e/api.ts';
import type { RunningBackend } from '../../e2e/backend.ts';
import type { Sample } from './sample.ts';
import type { Shot, Viewer } from './shots.ts';

/** What a page reads after it was opened is there then. */
const SETTLED_MS = 700;
const USER = 'ada@acme.example';

/** Goes from place to place, with one session for each viewer. */
export class Visit {
  readonly #context: BrowserContext;
  readonly #running: RunningBackend;
  readonly #tenants: Sample['tenants'];
  readonly #pages = new Map<Viewer, Page>();

  constructor(context: BrowserContext, running: RunningBackend, tenants: Sample['tenants']) {
    this.#context = context;
    this.#running = running;
    this.#tenants = tenants;
  }

  /** The page as it is to be seen. */
  async to({ at, viewer = 'customer', prepare }: Shot): Promise<Page> {
    const page = this.#pages.get(viewer) ?? (await this.#open(viewer));
    this.#pages.set(viewer, page);
    // By way of nowhere, so that nothing of the shot before stays open.
    for (const hash of ['#/nowhere', `#${at}`]) {
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
      await page.waitForTimeout(50);
    }
    await page.waitForTimeout(SETTLED_MS);
    await prepare?.(page);
    return page;
  }

  async #open(viewer: Viewer): Promise<Page> {
    const page = await this.#context.newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(`${this.#running.url}/${viewer === 'nobody' ? '' : await this.#code(viewer)}`);
    if (viewer !== 'nobody') await page.getByRole('navigation').waitFor();
    return page;
  }

  async #code(viewer: Exclude<Viewer, 'nobody'>): Promise<string> {
    const isOperator = viewer === 'operator';
    const api = isOperator ? new Api(this.#running) : new Api(this.#running, this.#tenants[viewer]);
    const path = `/v1/portal/sessions${isOperator ? '?platform=true' : ''}`;
    const { body } = await api.call('POST', path, { user: USER, access: 'manage' });
    return `#code=${body.code}`;
  }
}
