import { afterEach, beforeEach, expect, it } from 'vitest';
import { type SettingField, settingsIn } from '../../../lib/api/resources/endpoints/setting-fields.ts';
import { ApiFixture } from '../fixture.ts';

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

/** Every setting twice, with other values than the default. One that is missing here does not compile. */
const FIRST: Record<SettingField, unknown> = {
  url: 'https://example.com/first',
  label: 'First',
  events: ['task.*'],
  project_id: 'proj_1',
  filter: { status: 'done' },
  retry: { preset: 'vem' },
  timeout_seconds: 11,
  rate_limit_per_second: 50,
  circuit_breaker: false,
  auto_resume: false,
  also_standard: true,
  asymmetric_signing: true,
  metadata: { owner: 'first' },
};
const SECOND: Record<SettingField, unknown> = {
  url: 'https://example.com/second',
  label: 'Second',
  events: ['agent.*'],
  project_id: 'proj_2',
  filter: { status: { $in: ['open'] } },
  retry: { delays: [1, 2] },
  timeout_seconds: 12,
  rate_limit_per_second: 60,
  circuit_breaker: true,
  auto_resume: true,
  also_standard: false,
  asymmetric_signing: false,
  metadata: { owner: 'second' },
};

it('every setting that a new endpoint is given is kept and shown', async () => {
  const { id } = await fixture.succeed('endpoints.create', { body: FIRST });
  expect(await fixture.succeed('endpoints.get', { params: { id } })).toMatchObject(FIRST);
});

it('every setting can be changed alone, and the others stay', async () => {
  const { id } = await fixture.succeed('endpoints.create', { body: FIRST });
  const expected = { ...FIRST };
  for (const field of Object.keys(SECOND) as SettingField[]) {
    expected[field] = SECOND[field];
    const shown = await fixture.succeed('endpoints.update', { params: { id }, body: { [field]: SECOND[field] } });
    expect(shown, field).toMatchObject(expected);
  }
});

it('a setting that is not given is left out, and one that is removed is null', () => {
  expect(settingsIn({ label: undefined, project_id: null, timeout_seconds: 10, signing_secret: 'a secret' })).toEqual({
    projectId: null,
    timeoutSeconds: 10,
  });
});
