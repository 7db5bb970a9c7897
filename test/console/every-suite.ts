import { afterAll, beforeAll, describe } from 'vitest';
import type { Backend } from '../e2e/backend.ts';
import { builtConsole } from '../../lib/local/console/built-console.ts';
import { isLong } from '../support/extent.ts';
import { lookAtAccess } from './support/access.ts';
import { closeBrowser, openBrowser } from './support/browser.ts';
import { describeAlerts } from './suites/alerts.ts';
import { describeManyTenants, describeOperator } from './suites/operator.ts';
import { describeSecondFactor } from './suites/second-factor.ts';
import { describeMany } from './suites/many.ts';
import { describeNetwork } from './suites/network.ts';
import { describeHostile } from './suites/hostile.ts';
import { describeEndpoints } from './suites/endpoints.ts';
import { describeEvents } from './suites/events.ts';
import { describeFormats } from './suites/formats.ts';
import { describeFrames } from './suites/frames.ts';
import { describeHistory } from './suites/history.ts';
import { describeOneEndpoint } from './suites/one-endpoint.ts';
import { describeKeyboard } from './suites/keyboard.ts';
import { describeSessions } from './suites/sessions.ts';

/** Opened while the tests are collected: whether there is a browser says whether they run. */
const browser = await openBrowser();

/** A browser on a machine with other work takes its time; no test measures it. */
const PATIENCE_MS = 90_000;

/** What holds of the console: a real browser, the real service, nothing mocked; on AWS’s emulators, a part of it. */
export function describeConsole(backend: Backend): void {
  describe.skipIf(browser === undefined)(`the console on ${backend.name}`, { timeout: PATIENCE_MS }, () => {
    beforeAll(() => builtConsole(), 60_000);
    beforeAll(() => lookAtAccess(backend.name === 'embedded'));
    afterAll(closeBrowser);
    describeSessions(backend);
    // The pages are the same on every backend; what differs behind them is told by the other suites of the API.
    if (backend.name !== 'embedded' && !isLong) return;
    describeEndpoints(backend);
    describeFormats(backend);
    describeOneEndpoint(backend);
    describeHistory(backend);
    describeEvents(backend);
    describeAlerts(backend);
    describeHostile(backend);
    describeNetwork(backend);
    describeSecondFactor(backend);
    describeOperator(backend);
    describeKeyboard(backend);
    if (backend.name !== 'embedded') return;
    // What a list does with very many rows, and a page in a frame, are the browser's affair alone.
    describeManyTenants(backend);
    describeFrames();
    describeMany(backend);
  });
}
