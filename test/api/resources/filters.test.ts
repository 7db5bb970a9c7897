import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiFixture } from '../fixture.ts';

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

const URL = 'https://example.com/hooks';
const create = (filter: string) =>
  fixture.succeed('endpoints.create', { body: `{"url":"${URL}","events":["*"],"filter":${filter}}` });
const post = (data: unknown) => fixture.succeed('events.post', { body: { type: 't', data } });
const fieldsOf = (problem: { errors?: { field: string; message: string }[] | undefined }) => problem.errors;

describe('the filter of an endpoint', () => {
  it('is shown as it was given, its numbers and names included', async () => {
    const filter = '{"__proto__":{"a":1},"n":{"$gt":12345678901234567890}}';
    const { body } = await fixture.call('endpoints.create', {
      body: `{"url":"${URL}","events":["*"],"filter":${filter}}`,
    });
    expect(body).toContain(`"filter":${filter}`);
    expect(await post({ n: 1 })).toMatchObject({ deliveries: 0, filtered: 1 });
  });

  it('is replaced by an edit, stays in others, and null or {} removes it', async () => {
    const { id, filter } = await create('{"a":1}');
    expect(filter).toEqual({ a: 1 });
    const update = (body: object) => fixture.succeed('endpoints.update', { params: { id }, body });
    expect((await update({ label: 'x' })).filter).toEqual({ a: 1 });
    expect((await update({ filter: { a: [2] } })).filter).toEqual({ a: [2] });
    expect((await update({ filter: null })).filter).toBeNull();
    expect(await post({})).toEqual({ id: expect.any(String), deliveries: 1 });
    expect((await update({ filter: { a: 3 } })).filter).toEqual({ a: 3 });
    expect((await update({ filter: {} })).filter).toBeNull();
    expect((await create('{}')).filter).toBeNull();
  });

  it.each([
    ['1', 'filter', '`filter` must be an object.'],
    ['null', 'filter', '`filter` must be an object.'],
    ['{"a":{"$regex":"^x"}}', 'filter.a.$regex', 'is not an operator: use one of $eq,'],
    ['{"a":{"$or":[{"$gt":1},{"$gt":true}]}}', 'filter.a.$or[1].$gt', 'must be a number or a text.'],
    ['{"a":1,"a":2}', 'filter.a', 'is given twice'],
  ])('%s is refused, with the field, and nothing is made', async (filter, field, message) => {
    const body = `{"url":"${URL}","events":["*"],"filter":${filter}}`;
    const problem = await fixture.refused('endpoints.create', { body });
    expect(problem.status).toBe(422);
    expect(fieldsOf(problem)).toEqual([{ field, message: expect.stringContaining(message) }]);
    expect((await fixture.succeed('endpoints.list')).data).toEqual([]);
  });

  it('a refused edit leaves the endpoint as it is', async () => {
    const { id } = await create('{"a":1}');
    const body = { filter: { a: { $gt: null } }, label: 'new' };
    expect(fieldsOf(await fixture.refused('endpoints.update', { params: { id }, body }))?.[0]?.field).toBe(
      'filter.a.$gt',
    );
    expect(await fixture.succeed('endpoints.get', { params: { id } })).toMatchObject({ filter: { a: 1 }, label: null });
  });
});

it('an event says how many endpoints its data was left out by, when it is posted, in a batch, and afterwards', async () => {
  await create('{"a":1}');
  await create('{"a":2}');
  const { id, ...answer } = await post({ a: 1 });
  expect(answer).toEqual({ deliveries: 1, filtered: 1 });
  expect(await fixture.succeed('events.get', { params: { id } })).toMatchObject({ filtered: 1 });
  const batch = {
    events: [
      { type: 't', data: { a: [1, 2] } },
      { type: 't', data: {} },
    ],
  };
  const { data } = await fixture.succeed('events.batch', { body: batch });
  expect(data).toEqual([
    { id: expect.any(String), deliveries: 2 },
    { id: expect.any(String), deliveries: 0, filtered: 2 },
  ]);
  expect((await fixture.succeed('events.list')).data.map(({ filtered }: { filtered: number }) => filtered)).toEqual(
    expect.arrayContaining([2, 0, 1]),
  );
});

describe('the test of a filter', () => {
  const test = (body: unknown) => fixture.succeed('filters.test', { body });

  it('says that data matches', async () => {
    expect(await test({ filter: { a: { $gte: 1 } }, data: { a: 1 } })).toEqual({ matches: true, mismatch: null });
    expect(await test({ filter: {}, data: null })).toEqual({ matches: true, mismatch: null });
  });

  it('says what does not match: where, what was asked, and what is there, exactly', async () => {
    const body = '{"filter":{"a":{"n":9007199254740993}},"data":{"a":{"n":9007199254740992}}}';
    expect(await test(body)).toEqual({
      matches: false,
      mismatch: { path: '/a/n', operator: '$eq', expected: '9007199254740993', found: '9007199254740992' },
    });
    expect((await test({ filter: { b: { $startsWith: 'x' } }, data: {} })).mismatch).toEqual({
      path: '/b',
      operator: '$startsWith',
      expected: '"x"',
      found: null,
    });
  });

  it('cuts what is long', async () => {
    const { mismatch } = await test({ filter: { a: 1 }, data: { a: 'x'.repeat(5000) } });
    expect(mismatch.found).toBe(`"${'x'.repeat(999)}`);
  });

  it('refuses what is no filter, and wants data', async () => {
    const bad = await fixture.refused('filters.test', { body: { filter: { $x: 1 }, data: {} } });
    expect(fieldsOf(bad)?.[0]?.field).toBe('filter.$x');
    const without = await fixture.refused('filters.test', { body: { filter: { a: 1 } } });
    expect([without.status, fieldsOf(without)?.[0]?.field]).toEqual([422, 'data']);
  });
});
