import { afterEach, expect, test } from 'vitest';
import { type RouteId, routes } from '../../lib/api/routes.ts';
import { CANARY, NO_JSON, SIGNING_SECRET, failing, linesWithCanary } from '../support/canary.ts';
import { intercept } from '../support/fault-injection.ts';
import { ApiFixture, type Call, PLATFORM_KEY } from './fixture.ts';

const BODIES = [
  NO_JSON,
  { [CANARY]: CANARY },
  { type: 'a.b', data: { card: CANARY } },
  { type: CANARY.repeat(100), data: CANARY },
  {
    url: `https://example.com/hook?token=${CANARY}`,
    events: ['*'],
    signing_secret: SIGNING_SECRET,
    headers: { authorization: `Bearer ${CANARY}` },
    auth: { type: 'basic', username: CANARY, password: CANARY },
  },
  { url: `http://${CANARY}:${CANARY}@example.com/`, events: ['*'] },
  { address: `${CANARY}@example.com`, code: CANARY },
];
const SECRETS = [PLATFORM_KEY, `prk_${CANARY}`, `prs_${CANARY}`, CANARY];
const HEADERS = { 'idempotency-key': CANARY, 'postrider-totp': CANARY, cookie: CANARY, referer: CANARY };

let fixture: ApiFixture | undefined;
afterEach(() => fixture?.close());

test.each([0, 0.2])(
  'no line of the API has a key, a body, a header or a query, with %d of all calls of ports failing',
  async (share) => {
    fixture = await ApiFixture.open();
    Object.assign(fixture.ports, intercept({ ...fixture.ports }, failing(1, share)));
    const calls: Call[] = BODIES.flatMap((body) =>
      SECRETS.map((key) => ({ body, key, headers: HEADERS, query: { cursor: CANARY, token: CANARY } })),
    );
    for (const { id } of routes) for (const call of calls) await fixture.call(id as RouteId, call);
    expect(linesWithCanary(fixture.lines)).toEqual([]);
    const events = new Set(fixture.lines.map(({ event }) => event));
    expect(events).toContain(share === 0 ? 'api.refused' : 'api.failed');
  },
);
