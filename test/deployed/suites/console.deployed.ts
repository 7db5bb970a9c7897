import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROWS } from '../../../bin/prove/table.ts';
import { pageHeaders } from '../../../lib/api/http/page-headers.ts';
import type { Listener } from '../../../lib/local/service/listener.ts';
import { Api, type Json } from '../../e2e/api.ts';
import { Receiver } from '../../e2e/receiver.ts';
import { type Deployment, currentDeployment, deployForUse } from '../cloud/deployment.ts';
import { loopsNotAllowed } from '../calls/loops.ts';
import { MAX_CALLS_IN_A_CHAIN } from '../calls/message-chains.ts';
import { openDoor, readRecord } from '../cloud/recording-proxy.ts';
import { type StackPlace, readPhysicalIds, readTemplate, synthesize } from '../cloud/stack.ts';
import { MAIL_FROM } from '../cloud/surroundings.ts';
import { LIMIT_MS } from './patience.ts';

/** What each row of `npm run prove` comes to on the emulator, and what it says of it. */
const PROVEN: Record<string, [result: 'pass' | 'fail' | 'skipped', detail: RegExp]> = {
  'stack-is-whole': ['pass', /COMPLETE; 4 of 4 event sources enabled/],
  'no-changes': ['pass', /no difference/],
  'functions-start': ['pass', /GET \/v1\/health 200/],
  smoke: ['pass', /steps of smoke/],
  'no-denials': ['pass', /no "AccessDenied" in \d+ logs/],
  'refused-without-key': ['pass', /401/],
  'refused-unknown-key': ['pass', /401 application\/problem\+json/],
  'console-page': ['pass', /page 200, with its policy; API through it 200/],
  'revoked-key': ['pass', /200 before, 401 after/],
  'large-body': ['pass', /^4/],
  'long-job': ['pass', /done, \d+ processed; 0 invocations dropped/],
  // It does not take over when items of a table expire.
  expiry: ['fail', /DISABLED on undefined/],
  'alert-mail': ['pass', /SES took a code/],
  'sweep-runs': ['skipped', /the stack was not there yet/],
  // The emulated gateway decodes a path before it looks for the route.
  'encoded-slash': ['fail', /./],
  // The endpoints of these rows are at the API's own address, which is no https here.
  'hidden-by-us': ['fail', /POST \/v1\/endpoints: 4\d\d/],
  'long-hiding': ['fail', /POST \/v1\/endpoints: 4\d\d/],
  // It takes every line for one that matches, reads no metrics out of lines, and keeps no saved queries.
  'filters-match': ['fail', /of them not dispatch.attempt/],
  'own-metrics': ['fail', /none/],
  'saved-queries': ['fail', /./],
};
/** They wait for minutes for what the emulator does not write: lines and numbers of its own. */
const LEFT_OUT = ['access-log', 'cold-start', 'load', 'alarm-tells'];

/** `-c console=self`: files in a bucket behind CloudFront, and the API below the same address. */
describe('the console in a stack of its own, deployed', () => {
  const { stack: other, proxyUrl, workFolder, receiverPlace } = currentDeployment();
  const context = { console: 'self', alertMailFrom: MAIL_FROM };
  const stack: StackPlace = { ...other, name: 'Console', assembly: `${workFolder}/cdk.console`, context };
  let deployed: Pick<Deployment, 'apiUrl' | 'apiKey' | 'outputs'> & { door: Listener };
  let page: Listener;
  let receiver: Receiver;

  beforeAll(async () => {
    await synthesize(stack);
    deployed = await deployForUse(stack, proxyUrl);
    page = await openDoor(proxyUrl, new URL(deployed.outputs.ConsoleUrl ?? '').host);
    receiver = await Receiver.start(undefined, receiverPlace);
  }, LIMIT_MS);
  afterAll(() => Promise.all([deployed.door.close(), page.close(), receiver.stop()]));

  test('its page has the headers of the service in one process, and is asked for each time', async () => {
    const answer = await fetch(`${page.url}/`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<!doctype html>');
    const { 'x-frame-options': _, ...shared } = pageHeaders({ frameAncestors: ["'self'"], trustedTypes: true });
    const headers = Object.fromEntries(answer.headers);
    expect(headers).toMatchObject(shared);
    expect(headers['x-frame-options']?.toUpperCase()).toBe('SAMEORIGIN');
    expect(headers['strict-transport-security']).toMatch(/^max-age=\d{8}$/);
    expect(headers['cache-control']).toContain('no-cache');
  });

  test('what the page loads is named by its content, and kept for ever', async () => {
    const html = await (await fetch(`${page.url}/`)).text();
    const files = [...html.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+)"/g)].map(([, file]) => file);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const answer = await fetch(`${page.url}/${file}`);
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, expect.stringContaining('immutable')]);
    }
    expect(await (await fetch(`${page.url}/config.json`)).json()).toEqual({ api: './', docs: null });
  });

  test('calls below its address reach the API with their key, and without one are refused', async () => {
    const api = new Api({ url: page.url, apiKey: deployed.apiKey }, 'org_console');
    expect(await api.get('/v1/endpoints')).toEqual({ data: [], next_cursor: null });
    expect(await api.post()).toMatchObject({ deliveries: 0 });
    expect((await fetch(`${page.url}/v1/endpoints`)).status).toBe(401);
  });

  test('prove shows each row, or says truly why not', async () => {
    const { apiUrl, apiKey } = deployed;
    const where = ['--stack', stack.name, '--api', apiUrl, '--console', page.url, '--key', apiKey];
    const given = Object.entries(context).map(([name, value]) => `${name}=${value}`);
    const may = ['--receiver-url', receiver.url, '--scan', '--context', ...given];
    const args = ['bin/prove.ts', ...where, ...may, '--json', '--only', ...Object.keys(PROVEN)];
    const told = await printed(process.execPath, args, stack);
    expect(JSON.parse(told).map(({ name, result, detail }: Json) => [name, result, detail])).toEqual(
      ROWS.flatMap((row) => ('name' in row && PROVEN[row.name] ? [row.name] : [])).map((name) => {
        const [result, detail] = PROVEN[name] ?? [];
        return [name, result, expect.stringMatching(detail ?? '')];
      }),
    );
  });

  test('its long job goes round a loop that Lambda is told to allow', async () => {
    const [template, physicalIds] = await Promise.all([readTemplate(stack), readPhysicalIds(stack)]);
    const { longestChains } = await readRecord(proxyUrl);
    const own = Object.entries(longestChains).filter(([name]) => Object.values(physicalIds).includes(name));
    expect(Math.max(...own.map(([, calls]) => calls))).toBeGreaterThan(MAX_CALLS_IN_A_CHAIN);
    expect(loopsNotAllowed(Object.fromEntries(own), template, physicalIds)).toEqual([]);
  });

  test('every row that a command shows is in one of these lists', () => {
    const names = ROWS.flatMap((row) => ('name' in row ? [row.name] : []));
    expect([...Object.keys(PROVEN), ...LEFT_OUT].toSorted()).toEqual(names.toSorted());
  });
});

/** What a command prints, whatever its exit code: a row that fails is 1. */
function printed(command: string, args: readonly string[], { project, environment }: StackPlace): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd: project, env: environment }, (_, stdout) => resolve(stdout));
  });
}
