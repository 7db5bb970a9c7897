import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problemsOf } from '../openapi/redocly.ts';
import { ACME_KEY, ApiFixture, READER_KEY } from '../fixture.ts';

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

const SCHEMA = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] };
const TASK = { type: 'task.completed', description: 'A task was completed' };
const ofAcme = { key: ACME_KEY };
const ofAll = { query: { platform: 'true' } };

describe('the catalogue of event types', () => {
  it('has what was added, changed and removed, each field by itself', async () => {
    const body = { ...TASK, category: 'Tasks', schema: SCHEMA, example: { id: 'a' }, deprecated: true };
    const added = await fixture.succeed('event-types.create', { body, ...ofAcme });
    expect(added).toMatchObject({ tenant_id: 'acme', ...body });
    const params = { id: TASK.type };
    expect(await fixture.succeed('event-types.get', { params, ...ofAcme })).toEqual(added);
    await fixture.clock.advance(1000);
    const change = { params, body: { schema: null, category: 'Done tasks' }, ...ofAcme };
    const updated_at = new Date(fixture.clock.now()).toISOString();
    const changed = { ...added, schema: null, category: 'Done tasks', updated_at };
    expect(await fixture.succeed('event-types.update', change)).toEqual(changed);
    await fixture.succeed('event-types.delete', { params, ...ofAcme });
    expect(await fixture.refused('event-types.get', { params, ...ofAcme })).toMatchObject({ status: 404 });
  });

  it('is one a tenant, beside the platform’s', async () => {
    await fixture.succeed('event-types.create', { body: TASK, ...ofAll });
    await fixture.succeed('event-types.create', { body: { ...TASK, description: 'Ours' }, ...ofAcme });
    const list = async (call: object) => (await fixture.succeed('event-types.list', call)).data;
    expect(await list(ofAcme)).toMatchObject([{ tenant_id: 'acme', description: 'Ours' }]);
    expect(await list(ofAll)).toMatchObject([{ tenant_id: null }]);
    expect(await list({ headers: { 'postrider-tenant': 'other' } })).toEqual([]);
    expect(await fixture.refused('event-types.create', { body: TASK, ...ofAll, ...ofAcme })).toMatchObject({
      type: '/problems/platform-key-needed',
    });
  });

  it('is listed in pages', async () => {
    for (const type of ['c', 'a', 'b']) {
      await fixture.succeed('event-types.create', { body: { ...TASK, type }, ...ofAcme });
    }
    const first = await fixture.succeed('event-types.list', { query: { limit: '2' }, ...ofAcme });
    expect(first.data.map(({ type }: { type: string }) => type)).toEqual(['a', 'b']);
    const rest = { query: { limit: '2', cursor: first.next_cursor }, ...ofAcme };
    expect(await fixture.succeed('event-types.list', rest)).toMatchObject({ data: [{ type: 'c' }], next_cursor: null });
    expect(await fixture.refused('event-types.list', { query: { cursor: first.next_cursor } })).toMatchObject({
      type: '/problems/invalid-cursor',
    });
  });

  it.each([
    ['a type of another form', { ...TASK, type: 'task.*' }, 'type'],
    ['a category that is no name', { ...TASK, category: '@Tasks' }, 'category'],
    ['no description', { type: 'a' }, 'description'],
    ['a schema with a regular expression', { ...TASK, schema: { pattern: '^a' } }, 'schema'],
    ['a schema from elsewhere', { ...TASK, schema: { $ref: 'https://example.com/s.json' } }, 'schema'],
    ['a schema that is a list', { ...TASK, schema: [] }, 'schema'],
    ['a long example', { ...TASK, example: 'x'.repeat(5000) }, 'example'],
    ['an unknown field', { ...TASK, color: 'red' }, 'color'],
  ])('refuses %s, and keeps nothing', async (_, body, field) => {
    const { status, errors } = await fixture.refused('event-types.create', { body, ...ofAcme });
    expect([status, errors?.[0]?.field]).toEqual([422, field]);
    expect((await fixture.succeed('event-types.list', ofAcme)).data).toEqual([]);
  });

  it('refuses a type that is there, an unknown one, and one too many', async () => {
    await fixture.succeed('event-types.create', { body: TASK, ...ofAcme });
    expect(await fixture.refused('event-types.create', { body: TASK, ...ofAcme })).toMatchObject({
      type: '/problems/wrong-state',
    });
    const unknown = { params: { id: 'task.created' }, ...ofAcme };
    for (const call of ['event-types.get', 'event-types.delete'] as const) {
      expect(await fixture.refused(call, unknown)).toMatchObject({ status: 404 });
    }
    expect(await fixture.refused('event-types.update', { ...unknown, body: { deprecated: true } })).toMatchObject({
      status: 404,
    });
    for (let n = 1; n < 300; n += 1) {
      await fixture.store.eventTypes.putUnlessExists({
        tenantId: 'acme',
        type: `t${n}`,
        description: 'x',
        isDeprecated: false,
        createdAt: 0,
        updatedAt: 0,
      });
    }
    expect(await fixture.refused('event-types.create', { body: { ...TASK, type: 'x' }, ...ofAcme })).toMatchObject({
      type: '/problems/too-many-event-types',
    });
    expect(await fixture.refused('event-types.adopt', { params: { name: 'vem' }, ...ofAcme })).toMatchObject({
      type: '/problems/too-many-event-types',
    });
  });

  it.each([
    ['vem', 12],
    ['veriswarm', 16],
    ['vellum', 8],
    ['ventryx', 3],
  ])('takes over all types of %s, under each of their names, once', async (name, added) => {
    await fixture.succeed('event-types.create', { body: { ...TASK, description: 'Ours' }, ...ofAcme });
    const there = name === 'vem' ? 1 : 0;
    const adopt = () => fixture.succeed('event-types.adopt', { params: { name }, ...ofAcme });
    expect(await adopt()).toEqual({ added: added - there, kept: there });
    expect(await adopt()).toEqual({ added: 0, kept: added });
    const params = { id: TASK.type };
    expect(await fixture.succeed('event-types.get', { params, ...ofAcme })).toMatchObject({ description: 'Ours' });
  });
});

describe('an event, where its tenant has a policy for types', () => {
  const setPolicy = (body: object) => fixture.succeed('tenants.update', { params: { id: 'acme' }, body });
  const post = (data: unknown, headers = {}, type = TASK.type) => ({ body: { type, data }, headers, ...ofAcme });

  it('is accepted whatever its type by default, and refused where unknown types are, until the type is added', async () => {
    await fixture.succeed('events.post', post({}));
    expect(await setPolicy({ unknown_types: 'refuse' })).toMatchObject({ unknown_types: 'refuse', data_check: 'off' });
    const key = { 'idempotency-key': 'one' };
    expect(await fixture.refused('events.post', post({ n: 1 }, key))).toMatchObject({
      status: 422,
      type: '/problems/unknown-event-type',
      detail: expect.stringContaining('POST /v1/event-types'),
    });
    await fixture.succeed('event-types.create', { body: TASK, ...ofAcme });
    await fixture.clock.advance(1000);
    // The refused event has left nothing behind, not even its key.
    await fixture.succeed('events.post', post({ n: 2 }, key));
    expect((await fixture.succeed('events.list', ofAcme)).data).toHaveLength(2);
    await setPolicy({ unknown_types: 'accept' });
    await fixture.succeed('events.post', post({}, {}, 'any.other'));
  });

  it('is compared with the schema of its type, and accepted with a warning or refused', async () => {
    await fixture.succeed('event-types.create', { body: { ...TASK, schema: SCHEMA }, ...ofAcme });
    expect(await fixture.succeed('events.post', post({ id: 5 }))).not.toHaveProperty('warnings');
    await setPolicy({ data_check: 'warn' });
    expect(await fixture.succeed('events.post', post({ id: 'a' }))).not.toHaveProperty('warnings');
    expect(await fixture.succeed('events.post', post({ id: 5 }))).toMatchObject({
      warnings: [expect.stringContaining('`#/id`')],
    });
    expect(fixture.lines).toContainEqual({
      level: 'info',
      event: 'ingest.data-mismatch',
      fields: expect.objectContaining({ tenant_id: 'acme', event_type: TASK.type }),
    });
    await setPolicy({ data_check: 'refuse' });
    await fixture.succeed('events.post', post({ id: 'a' }));
    expect(await fixture.refused('events.post', post({ id: 5 }))).toMatchObject({
      status: 422,
      type: '/problems/data-mismatch',
      detail: expect.stringContaining('`#/id`'),
    });
  });

  it('is refused by itself in a batch', async () => {
    await fixture.succeed('event-types.create', { body: TASK, ...ofAll });
    await setPolicy({ unknown_types: 'refuse' });
    const events = [TASK.type, 'nobody.knows', TASK.type].map((type) => ({ type, data: {} }));
    const { data } = await fixture.succeed('events.batch', { body: { events }, ...ofAcme });
    expect(data.map(({ error }: { error?: { type: string } }) => error?.type)).toEqual([
      undefined,
      '/problems/unknown-event-type',
      undefined,
    ]);
  });

  it('is checked by a changed catalogue within ten seconds', async () => {
    await fixture.succeed('event-types.create', { body: TASK, ...ofAcme });
    await setPolicy({ unknown_types: 'refuse', data_check: 'refuse' });
    await fixture.succeed('events.post', post({}));
    const params = { id: TASK.type };
    await fixture.succeed('event-types.update', { params, body: { schema: SCHEMA }, ...ofAcme });
    await fixture.succeed('events.post', post({}));
    await fixture.clock.advance(10_000);
    await fixture.refused('events.post', post({}));
    await fixture.succeed('event-types.delete', { params, ...ofAcme });
    await fixture.clock.advance(10_000);
    expect(await fixture.refused('events.post', post({}))).toMatchObject({ type: '/problems/unknown-event-type' });
  });

  it('costs no read of the catalogue where no policy is set and no category subscribed to', async () => {
    let reads = 0;
    const counting = await ApiFixture.open();
    const { get } = counting.store.eventTypes;
    counting.store.eventTypes.get = (...all) => {
      reads += 1;
      return get.apply(counting.store.eventTypes, all);
    };
    await counting.succeed('endpoints.create', { body: { url: 'https://example.com', events: ['*'] }, ...ofAcme });
    await counting.succeed('events.post', post({}));
    expect(reads).toBe(0);
    await counting.succeed('tenants.update', { params: { id: 'acme' }, body: { data_check: 'warn' } });
    await counting.succeed('events.post', post({}));
    await counting.succeed('events.post', post({}));
    expect(reads).toBe(2);
    counting.close();
  });
});

describe('an event, where the deployment has a policy for types', () => {
  const strict = { refusesUnknown: true, dataCheck: 'warn' } as const;
  const post = (type: string, data: unknown = {}) => ({ body: { type, data }, ...ofAcme });
  const params = { id: 'acme' };

  it('is held to it where its tenant has set nothing, and to the tenant’s where it has', async () => {
    const held = await ApiFixture.open({ settings: { eventTypePolicy: strict } });
    const policy = async (body: object) => {
      const { unknown_types: unknown, data_check: check } = await held.succeed('tenants.update', { params, body });
      return [unknown, check];
    };
    await held.succeed('event-types.create', { body: { ...TASK, schema: SCHEMA }, ...ofAcme });
    expect(await held.succeed('tenants.get', { params })).toMatchObject({
      unknown_types: 'refuse',
      data_check: 'warn',
    });
    expect((await held.refused('events.post', post('any.other'))).type).toBe('/problems/unknown-event-type');
    expect((await held.succeed('events.post', post(TASK.type, { id: 1 }))).warnings).toHaveLength(1);

    expect(await policy({ unknown_types: 'accept' })).toEqual(['accept', 'warn']);
    await held.succeed('events.post', post('any.other'));
    expect((await held.succeed('events.post', post(TASK.type, { id: 1 }))).warnings).toHaveLength(1);
    expect(await policy({ data_check: 'off' })).toEqual(['accept', 'off']);
    expect(await held.succeed('events.post', post(TASK.type, { id: 1 }))).not.toHaveProperty('warnings');
    expect(await policy({ unknown_types: null })).toEqual(['refuse', 'off']);
    expect((await held.refused('events.post', post('any.other'))).type).toBe('/problems/unknown-event-type');
    expect(await policy({ data_check: null })).toEqual(['refuse', 'warn']);
    held.close();
  });

  it('refuses a test event of an unknown type, too', async () => {
    const held = await ApiFixture.open({ settings: { eventTypePolicy: strict } });
    const body = { url: 'https://example.com/hooks', events: ['task.unknown'] };
    const { id } = await held.succeed('endpoints.create', { body, ...ofAcme });
    const problem = await held.refused('endpoints.test', { params: { id }, ...ofAcme });
    expect(problem).toMatchObject({ status: 422, type: '/problems/unknown-event-type' });
    held.close();
  });
});

describe('an endpoint that subscribes to a category', () => {
  const endpoint = (events: string[]) => ({ body: { url: 'https://example.com', events }, ...ofAcme });

  it('gets the events of its types, from the tenant’s catalogue before the platform’s', async () => {
    const body = { ...TASK, category: 'Task Events' };
    await fixture.succeed('event-types.create', { body, ...ofAll });
    await fixture.succeed('event-types.create', { body: { ...body, type: 'task.moved' }, ...ofAll });
    const moved = { ...TASK, type: 'task.moved', category: 'Moves' };
    await fixture.succeed('event-types.create', { body: moved, ...ofAcme });
    await fixture.succeed('endpoints.create', endpoint(['@Task Events']));
    const deliveries = async (type: string) =>
      (await fixture.succeed('events.post', { body: { type, data: {} }, ...ofAcme })).deliveries;
    expect(await deliveries('task.completed')).toBe(1);
    expect(await deliveries('task.moved')).toBe(0);
    expect(await deliveries('task.unknown')).toBe(0);
  });

  it.each(['@', '@ Tasks', '@Tasks.*', '@Tasks!'])('is refused with the pattern %j', async (pattern) => {
    expect(await fixture.refused('endpoints.create', endpoint([pattern]))).toMatchObject({ status: 422 });
  });
});

describe('GET /v1/webhooks.json', () => {
  it('has an operation for each type, the tenant’s before the platform’s, with its schema inlined', async () => {
    const schema = {
      properties: { owner: { $ref: '#/$defs/person' }, $ref: { const: { $ref: 'data' } } },
      $defs: { person: { type: 'object', description: 'Who' } },
    };
    await fixture.succeed('event-types.create', { body: { ...TASK, description: 'Shared' }, ...ofAll });
    await fixture.succeed('event-types.create', { body: { ...TASK, type: 'task_completed' }, ...ofAll });
    const own = { ...TASK, category: 'Tasks', schema, example: { owner: {} }, deprecated: true };
    await fixture.succeed('event-types.create', { body: own, ...ofAcme });
    const { webhooks, tags, openapi } = await fixture.succeed('event-types.webhooks', ofAcme);
    expect(openapi).toBe('3.1.0');
    expect(tags).toEqual([{ name: 'Tasks' }]);
    const { post } = webhooks['task.completed'];
    expect(post).toMatchObject({
      operationId: 'onTaskCompleted',
      summary: TASK.description,
      deprecated: true,
      tags: ['Tasks'],
    });
    expect(webhooks['task_completed'].post.operationId).toBe('onTaskCompleted2');
    const { schema: body, example } = post.requestBody.content['application/json'];
    expect(example.data).toEqual({ owner: {} });
    expect(body.properties.data).toEqual({
      properties: { owner: { type: 'object', description: 'Who' }, $ref: { const: { $ref: 'data' } } },
    });
    expect(await fixture.refused('event-types.webhooks', { key: READER_KEY })).toMatchObject({ status: 403 });
  });

  it('is a valid document, with the types of a platform', { timeout: 60_000 }, async () => {
    await fixture.succeed('event-types.adopt', { params: { name: 'veriswarm' }, ...ofAcme });
    const document = await fixture.succeed('event-types.webhooks', ofAcme);
    expect(Object.keys(document.webhooks)).toHaveLength(16);
    expect(problemsOf(document, 'spec')).toEqual([]);
    const { title: _, ...untitled } = document.info;
    expect(problemsOf({ ...document, info: untitled }, 'spec')).not.toEqual([]);
  });
});
