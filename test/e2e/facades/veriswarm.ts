import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { codeAt } from '../../api/over-http/totp.ts';
import { Api, type Json, eventually } from '../api.ts';
import type { Backend } from '../backend.ts';
import { Scene } from '../scene.ts';
import { type CurlAnswer, curl, curlLines, typesOf } from './curl-lines.ts';

const PRINTED_URL = 'https://api.example.com/webhooks/veriswarm';
/** Of endpoints that get nothing. */
const NOWHERE = 'https://example.com/hook';
const WEBHOOK = {
  id: 'integer',
  label: 'string',
  callback_url: 'string',
  event_types: 'array',
  is_active: 'boolean',
  created_at: 'string',
};
const DELIVERY = {
  id: 'integer',
  webhook_id: 'integer',
  event_type: 'string',
  status: 'string',
  status_code: 'integer',
  duration_ms: 'integer',
  error_message: 'string',
  attempt_number: 'integer',
  max_attempts: 'integer',
  retried_from_delivery_id: 'null',
  next_retry_at: 'string',
  alert_sent_at: 'null',
  alert_error: 'null',
  created_at: 'string',
};
const DELIVERED = { ...DELIVERY, error_message: 'null', next_retry_at: 'null' };
const WHOLE_SECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** VeriSwarm's management API, by the requests that its customers have in their scripts. */
export function describeVeriswarm(backend: Backend): void {
  describe(`${backend.name}: VeriSwarm’s management API`, () => {
    const scene = new Scene(backend, 'veriswarm');
    const lines = curlLines('veriswarm.sh');
    const line = (part: string) => lines.find((one) => one.includes(part)) as string;
    const [CREATE, LIST] = lines as [string, string];

    /** A customer with a key of its own. */
    async function customer() {
      const { body } = await scene.api.call('POST', '/v1/api-keys', { name: 'scripts' });
      const variables: Record<string, string> = { BASE: scene.running.url, TOKEN: body.secret };
      const own = new Api({ url: scene.running.url, apiKey: body.secret });
      const factor = async (path: string, sent: object = {}) => (await own.call('POST', `/v1/mfa/${path}`, sent)).body;
      return {
        /** Also puts `more` in place of what is printed. */
        run: (printed: string, more: Record<string, string> = {}, url = PRINTED_URL): Promise<CurlAnswer> =>
          curl(printed.replace(PRINTED_URL, url), { ...variables, ...more }),
        stepUp: async () => {
          const { secret } = await factor('enrol');
          const { recovery_codes: codes } = await factor('confirm', { code: codeAt(secret, Date.now()) });
          await factor('step-up', { code: codes[0] });
        },
      };
    }

    const deliveriesWhen = (run: () => Promise<CurlAnswer>, isThere: (rows: Json[]) => boolean) =>
      eventually(
        async () => (await run()).body as Json[],
        (rows) => isThere(rows),
      );

    test('a webhook is created and listed with exactly its fields, its id an integer', async () => {
      const { run } = await customer();
      const receiver = await scene.receiver();
      const { status, body } = await run(CREATE, {}, receiver.url);
      expect(status, JSON.stringify(body)).toBe(201);
      expect(typesOf(body)).toEqual({ ...WEBHOOK, signing_secret: 'string' });
      expect(Object.keys(body)).toEqual([...Object.keys(WEBHOOK), 'signing_secret']);
      expect(body).toMatchObject({
        label: 'Score Change Alerts',
        callback_url: receiver.url,
        event_types: ['agent.scored', 'agent.tier.changed', 'agent.killed'],
        is_active: true,
        created_at: expect.stringMatching(WHOLE_SECONDS),
        signing_secret: expect.stringMatching(/^whsec_/),
      });
      const listed = await run(LIST);
      expect(listed.status).toBe(200);
      expect(listed.body).toHaveLength(1);
      const never = { last_attempted_at: 'null', last_success_at: 'null', last_status_code: 'null' };
      expect(typesOf(listed.body[0])).toEqual({ ...WEBHOOK, ...never });
      expect(listed.body[0]).toMatchObject({ id: body.id, is_active: true });
    });

    test('the list has all webhooks, in one array', async () => {
      const { run } = await customer();
      for (let n = 0; n < 3; n += 1) await run(CREATE, {}, `${NOWHERE}/${n}`);
      const { body } = await run(LIST);
      expect(body.map((row: Json) => row.id)).toEqual([1, 2, 3]);
    });

    test('a delivery goes from failed to delivered, and a retry of it is on top, each with exactly its fields', async () => {
      const { run, stepUp } = await customer();
      let answer = 500;
      const receiver = await scene.receiver(() => answer);
      const { body: webhook } = await run(CREATE, {}, receiver.url);
      await scene.api.post({ type: 'agent.scored', data: { n: 1 } });
      const ofWebhook = () => run(line('webhook_id='), { ID: String(webhook.id) });
      const [failed] = await deliveriesWhen(ofWebhook, ([row]) => row?.status === 'failed');
      expect(typesOf(failed)).toEqual(DELIVERY);
      expect(Object.keys(failed)).toEqual(Object.keys(DELIVERY));
      expect(failed).toMatchObject({
        webhook_id: webhook.id,
        event_type: 'agent.scored',
        status_code: 500,
        attempt_number: 1,
        max_attempts: 3,
        next_retry_at: expect.stringMatching(WHOLE_SECONDS),
        created_at: expect.stringMatching(WHOLE_SECONDS),
      });

      const RETRY = line('/retry"');
      const refused = await run(RETRY, { DELIVERY: String(failed.id) });
      expect([refused.status, refused.body.detail]).toEqual([403, expect.stringContaining('POST /v1/mfa/enrol')]);
      await stepUp();
      answer = 200;
      const hurried = await run(RETRY, { DELIVERY: String(failed.id) });
      expect([hurried.status, hurried.body.id]).toEqual([200, failed.id]);
      const [delivered] = await deliveriesWhen(ofWebhook, ([row]) => row?.status === 'delivered');
      expect(typesOf(delivered)).toEqual(DELIVERED);
      expect(delivered).toMatchObject({ id: failed.id, attempt_number: 2, status_code: 200 });

      await scene.api.post({ type: 'agent.scored', data: { n: 2 } });
      await deliveriesWhen(ofWebhook, (rows) => rows.length === 2 && rows[0].status === 'delivered');
      const repeated = await run(RETRY, { DELIVERY: String(failed.id) });
      expect(repeated.status).toBe(200);
      expect(repeated.body).toMatchObject({ retried_from_delivery_id: failed.id, webhook_id: webhook.id });
      const rows = await deliveriesWhen(
        () => run(line('deliveries?limit=50')),
        ([row]) => row?.status === 'delivered',
      );
      expect(rows.map(({ id }) => id)).toHaveLength(3);
      expect(rows[0].id).toBe(repeated.body.id);
      expect(rows.at(-1).id).toBe(failed.id);
      expect(typesOf(rows[0])).toEqual({ ...DELIVERED, retried_from_delivery_id: 'integer' });

      const { body: listed } = await run(LIST);
      const attempted = { last_attempted_at: 'string', last_success_at: 'string', last_status_code: 'integer' };
      expect(typesOf(listed[0])).toEqual({ ...WEBHOOK, ...attempted });
      expect(listed[0]).toMatchObject({
        last_attempted_at: expect.stringMatching(WHOLE_SECONDS),
        last_status_code: 200,
      });
    });

    test('due retries are run and counted', async () => {
      const { run } = await customer();
      expect(await run(line('retries/run'))).toMatchObject({ status: 200, body: { processed: 0 } });
      const { status, body } = await run(line('retries/summary'));
      expect(status).toBe(200);
      expect(body).toEqual({
        counts: { pending: 0, retrying: 0, exhausted: 0 },
        oldest_due_at: null,
        next_due_at: null,
      });
    });

    test('a test sends a sample event to that webhook only, and is in the list like any other', async () => {
      const { run, stepUp } = await customer();
      const [receiver, other] = [await scene.receiver(), await scene.receiver()];
      const { body: webhook } = await run(CREATE, {}, receiver.url);
      await scene.api.endpoint({ url: other.url });
      const ID = String(webhook.id);
      expect((await run(line('/test"'), { ID })).status).toBe(403);
      await stepUp();
      const { status, body } = await run(line('/test"'), { ID });
      expect(status, JSON.stringify(body)).toBe(200);
      expect(Object.keys(body)).toEqual(Object.keys(DELIVERY));
      expect(body).toMatchObject({ webhook_id: webhook.id, event_type: 'decision.checked' });
      const rows = await deliveriesWhen(
        () => run(line('webhook_id='), { ID }),
        ([row]) => row?.status === 'delivered',
      );
      expect(rows).toMatchObject([{ id: body.id, event_type: 'decision.checked' }]);
      expect(receiver.arrivals.map(({ body: sent }) => JSON.parse(sent).event_type)).toEqual(['decision.checked']);
      expect(other.arrivals).toHaveLength(0);
    });

    test('a revoked webhook is listed, inactive for good, and gets nothing more', async () => {
      const { run, stepUp } = await customer();
      const receiver = await scene.receiver();
      const { body: webhook } = await run(CREATE, {}, receiver.url);
      const ID = String(webhook.id);
      expect((await run(line('/revoke"'), { ID })).status).toBe(403);
      await stepUp();
      const { status, body } = await run(line('/revoke"'), { ID });
      expect([status, body.id, body.is_active]).toEqual([200, webhook.id, false]);
      expect((await run(LIST)).body).toMatchObject([{ id: webhook.id, is_active: false }]);
      expect((await scene.api.post({ type: 'agent.scored', data: {} })).deliveries).toBe(0);
    });

    test('a rotated secret is shown once, and signs from then on', async () => {
      const { run, stepUp } = await customer();
      const receiver = await scene.receiver();
      const { body: webhook } = await run(CREATE, {}, receiver.url);
      const ID = String(webhook.id);
      expect((await run(line('/rotate-secret"'), { ID })).status).toBe(403);
      await stepUp();
      const { status, body } = await run(line('/rotate-secret"'), { ID });
      expect(status, JSON.stringify(body)).toBe(200);
      expect(body).toEqual({ status: 'rotated', webhook_id: webhook.id, signing_secret: expect.any(String) });
      expect(body.signing_secret).not.toBe(webhook.signing_secret);
      await scene.api.post({ type: 'agent.scored', data: {} });
      const [arrival] = await eventually(
        async () => receiver.arrivals,
        (arrivals) => arrivals.length > 0,
      );
      const { headers, body: sent } = arrival as (typeof receiver.arrivals)[number];
      const signed = `${headers['x-veriswarm-timestamp']}.${sent}`;
      const expected = createHmac('sha256', body.signing_secret).update(signed).digest('hex');
      expect(headers['x-veriswarm-signature']).toBe(expected);
    });

    test('a webhook is active while its endpoint is; what waits, is used up or is given up is shown so', async () => {
      const { run } = await customer();
      const receiver = await scene.receiver(() => 500);
      const { body: webhook } = await run(CREATE, {}, receiver.url);
      const { id } = (await scene.api.get('/v1/endpoints')).data[0];
      const isActive = async () => (await run(LIST)).body[0].is_active;
      const retry = (delays: number[]) => scene.api.call('PATCH', `/v1/endpoints/${id}`, { retry: { delays } });
      const post = () => scene.api.post({ type: 'agent.scored', data: {} });
      const newest = (isThere: (row: Json) => boolean) =>
        deliveriesWhen(
          () => run(line('webhook_id='), { ID: String(webhook.id) }),
          ([row]) => row !== undefined && isThere(row),
        ).then(([row]) => row);

      await scene.api.change(id, 'pause');
      expect(await isActive()).toBe(false);
      await post();
      expect(await newest(({ attempt_number: number }) => number === 0)).toMatchObject({ status: 'pending' });
      await scene.api.change(id, 'resume', { held: 'discard' });
      expect(await isActive()).toBe(true);
      const discarded = await newest(({ status }) => status === 'failed');
      expect(discarded).toMatchObject({ error_message: 'discarded', next_retry_at: null, attempt_number: 0 });

      await retry([1]);
      await post();
      const used = await newest(({ status }) => status === 'exhausted');
      expect(used).toMatchObject({ attempt_number: 2, status_code: 500, next_retry_at: null, max_attempts: 1 });

      await retry([3600]);
      await post();
      await newest(({ status, next_retry_at: next }) => status === 'failed' && next !== null);
      await scene.api.change(id, 'disable');
      expect(await isActive()).toBe(false);
      expect(await newest(({ next_retry_at: next }) => next === null)).toMatchObject({
        status: 'failed',
        error_message: 'disabled',
      });
      await scene.api.change(id, 'enable');
      expect(await isActive()).toBe(true);
    });

    test('a number that was kept leads to its webhook, and is nobody else’s', async () => {
      const { run, stepUp } = await customer();
      const { id } = await scene.api.endpoint({ url: NOWHERE, dialect: 'veriswarm' });
      const keep = async (number: number, endpoint: string) =>
        run(
          `curl -X PUT "$BASE/v1/public/providers/webhooks/${number}" -H "x-account-access-token: $TOKEN" ` +
            `-H "Content-Type: application/json" -d '{"endpoint_id": "${endpoint}"}'`,
        );
      expect((await keep(42, id)).status).toBe(204);
      expect((await keep(42, id)).status).toBe(204);
      expect((await keep(43, id)).status).toBe(409);
      const other = await scene.api.endpoint({ url: `${NOWHERE}/other` });
      expect((await keep(42, other.id)).status).toBe(409);
      expect((await run(LIST)).body.map((row: Json) => row.id)).toEqual([42, 43]);
      await stepUp();
      expect((await run(line('/revoke"'), { ID: '42' })).body.callback_url).toBe(NOWHERE);
    });

    test('a wrong request is refused with what to do, and makes nothing', async () => {
      const { run } = await customer();
      const bad = await run(CREATE.replace('["agent.scored", "agent.tier.changed", "agent.killed"]', '[]'));
      expect([bad.status, bad.body.errors[0].field]).toEqual([422, 'event_types']);
      const nowhere = await run(CREATE, {}, 'ftp://example.com');
      expect([nowhere.status, nowhere.body.errors[0].field]).toEqual([422, 'callback_url']);
      expect((await run(line('webhook_id='), { ID: '77' })).status).toBe(404);
      expect((await run(line('webhook_id='), { ID: 'ep_1' })).status).toBe(400);
      expect((await run(LIST)).body).toEqual([]);
      const unknown = await run(LIST, { TOKEN: 'prk_unknown' });
      expect(unknown.status).toBe(401);
    });
  });
}
