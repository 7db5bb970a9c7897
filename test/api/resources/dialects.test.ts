import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DIALECT_NAMES, addDialects } from '../../../lib/dialects/index.ts';
import { readDialects } from '../../../lib/dialects/own-dialects.ts';
import { ACME_KEY, ApiFixture } from '../fixture.ts';

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

const preview = (name: string, body?: unknown) =>
  fixture.succeed('dialects.preview', { params: { name }, key: ACME_KEY, ...(body !== undefined && { body }) });
const hex = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex');

describe('the preview of a dialect', () => {
  it('is the whole request for an event that was given, and can be verified with its secret', async () => {
    const event = { type: 'task.started', data: { n: 1 }, project: { id: 'p1' }, occurred_at: '2025-12-31T12:00:00Z' };
    const shown = await preview('vem', { ...event, url: 'https://example.com/in', signing_secret: 'my own' });
    const body =
      '{"event":"task.started","timestamp":"2025-12-31T12:00:00Z","org_id":"acme","project_id":"p1","project_name":null,"data":{"n":1}}';
    expect(shown).toEqual({
      dialect: 'vem',
      method: 'POST',
      url: 'https://example.com/in',
      headers: {
        'content-type': 'application/json',
        'x-webhook-delivery': expect.stringMatching(/^del_/),
        'x-webhook-signature': `sha256=${hex('my own', body)}`,
      },
      body,
      signing_secret: 'my own',
    });
  });

  it.each(DIALECT_NAMES)('%s: needs no body, shows a documented event, and keeps nothing', async (name) => {
    const shown = await preview(name);
    expect(shown).toMatchObject({ dialect: name, signing_secret: expect.stringMatching(/^whsec_/) });
    expect(JSON.parse(shown.body)).toBeTypeOf('object');
    expect((await fixture.succeed('events.list', { key: ACME_KEY })).data).toEqual([]);
    expect((await fixture.succeed('endpoints.list', { key: ACME_KEY })).data).toEqual([]);
  });

  it('keeps the exact value of each number', async () => {
    const { body } = await fixture.call('dialects.preview', {
      params: { name: 'ventryx' },
      body: '{"data":{"n":12345678901234567890,"x":1.0}}',
    });
    expect(JSON.parse(body ?? '').body).toContain('"data":{"n":12345678901234567890,"x":1.0}');
  });

  it('shows the headers of Standard Webhooks beside its own, with their secret', async () => {
    const shown = await preview('ventryx', { also_standard: true, signing_secret: 'x' });
    const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = shown.headers;
    expect(new Webhook(shown.standard_signing_secret).sign(id, new Date(at * 1000), shown.body)).toBe(signature);
    expect(shown.headers['ventryx-signature']).toBe(`sha256=${hex('x', shown.body)}`);
  });

  it('has the signature of a key pair where Standard Webhooks’ headers are, and only if it is asked for', async () => {
    const signature = async (name: string, body: object) => (await preview(name, body)).headers['webhook-signature'];
    expect(await signature('standard', { asymmetric_signing: true })).toMatch(/^v1,\S{44} v1a,\S{88}$/);
    expect(await signature('standard', {})).toMatch(/^v1,\S{44}$/);
    expect(await signature('vem', { also_standard: true, asymmetric_signing: true })).toMatch(/ v1a,/);
    expect(await signature('vem', { asymmetric_signing: true })).toBeUndefined();
  });

  it('vellum: is signed with a secret of the caller’s only', async () => {
    expect(Object.keys((await preview('vellum')).headers)).toEqual(['content-type']);
    expect((await preview('vellum', { signing_secret: 'x' })).headers).toHaveProperty('x-vellum-signature');
  });

  it('of a chat’s URL is the chat’s message', async () => {
    const shown = await preview('standard', { url: 'https://hooks.slack.com/services/T1/B1/x' });
    expect(shown).toMatchObject({ dialect: 'slack', body: expect.stringContaining('"blocks"') });
  });

  it('refuses what an endpoint or an event could not have, and says what to do', async () => {
    const refused = (name: string, body: unknown) => fixture.refused('dialects.preview', { params: { name }, body });
    expect(await refused('vem', { signing_secret: 'ß' })).toMatchObject({
      status: 422,
      detail: 'signing_secret must be 1 to 256 printable ASCII characters.',
      errors: [{ field: 'signing_secret', message: 'signing_secret must be 1 to 256 printable ASCII characters.' }],
    });
    expect((await refused('vem', { url: 'http://example.com' })).detail).toContain('https://');
    expect((await refused('vem', { type: 'no spaces' })).detail).toContain('`type` must be segments');
    expect((await refused('vem', { colour: 1 })).detail).toContain('colour');
    expect(await refused('latin', {})).toMatchObject({
      status: 404,
      detail: expect.stringContaining('No such dialect'),
    });
    expect(await refused('{name}', {})).toMatchObject({ status: 404 });
  });
});

it('lists every dialect with the event types that its platform documents', async () => {
  const { data } = await fixture.succeed('dialects.list', { key: ACME_KEY });
  expect(data.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(DIALECT_NAMES));
  const vellum = data.find(({ name }: { name: string }) => name === 'vellum');
  expect(vellum).toMatchObject({ circuit_breaker: false, auto_resume: true, signature: 'own_secret' });
  const signatures = new Map(data.map((one: { name: string; signature: string }) => [one.name, one.signature]));
  expect(['standard', 'vem', 'slack'].map((name) => signatures.get(name))).toEqual(['always', 'always', 'never']);
  const overlapping = data.filter((one: { signature_overlap: boolean }) => one.signature_overlap);
  expect(overlapping.map(({ name }: { name: string }) => name)).toContain('standard');
  expect(overlapping.map(({ name }: { name: string }) => name)).not.toContain('vem');
  expect(vellum.event_types[3]).toEqual({
    type: 'workflow.usage_calculation.fulfilled',
    shown_as: 'workflow_execution.usage_calculation.fulfilled',
    category: 'Workflow Usage Calculation Events',
    description: 'Triggered when workflow usage is successfully calculated',
  });
});

describe('a deployment’s own dialect', () => {
  beforeEach(() =>
    addDialects(
      readDialects({
        'api-test': {
          envelope: [
            { name: 'kind', from: 'type' },
            { name: 'payload', from: 'data' },
          ],
          signature: { header: 'X-Api-Test', value: 'v={signature}' },
          retry_delays: [7, 77],
        },
      }),
    ),
  );

  it('can be named by an endpoint, which gets its retries, and whose headers it reserves', async () => {
    const body = { url: 'https://example.com', events: ['*'], dialect: 'api-test' };
    expect(await fixture.succeed('endpoints.create', { body })).toMatchObject({
      dialect: 'api-test',
      retry: { delays: [7, 77] },
    });
    const { detail } = await fixture.refused('endpoints.create', { body: { ...body, headers: { 'X-Api-Test': '1' } } });
    expect(detail).toContain('X-Api-Test');
  });

  it('has a preview', async () => {
    const shown = await preview('api-test', { type: 'a.b', data: 1, signing_secret: 'x' });
    expect(shown.body).toBe('{"kind":"a.b","payload":1}');
    expect(shown.headers['x-api-test']).toBe(`v=${hex('x', shown.body)}`);
  });

  it('that is no longer there hides no endpoint: those that have it are listed, and can be ended', async () => {
    const body = { url: 'https://example.com', events: ['*'] };
    const { id } = await fixture.succeed('endpoints.create', { body });
    const stored = await fixture.store.endpoints.get('default', id);
    if (!stored) throw new Error('The endpoint is not there.');
    await fixture.store.endpoints.replaceIfGeneration({ ...stored, dialect: 'left-behind', generation: 2 }, 1);
    expect((await fixture.succeed('endpoints.list')).data).toMatchObject([{ id, dialect: 'left-behind' }]);
    expect(await fixture.succeed('endpoints.revoke', { params: { id } })).toMatchObject({ status: 'revoked' });
  });

  it('is named when an unknown one is refused', async () => {
    const body = { url: 'https://example.com', events: ['*'], dialect: 'latin' };
    expect((await fixture.refused('endpoints.create', { body })).detail).toMatch(
      /Use one of standard, vem, .*api-test/,
    );
  });
});
