import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { verify } from '@octokit/webhooks-methods';
import { Stripe } from 'stripe';
import { Webhook as SvixWebhook } from 'svix';
import { beforeAll, expect, test } from 'vitest';
import { dialectDefinition } from '../../lib/dialects/declared/definition.ts';
import { addDialects, dialectNamed, dialectNames, reservedHeaders } from '../../lib/dialects/index.ts';
import { readDialects } from '../../lib/dialects/own-dialects.ts';
import { defaultRetry, delaysOf } from '../../lib/dialects/retry-presets.ts';
import { EVENTS, goldenInput, inputOf } from './render-inputs.ts';

// Dialects of other platforms, as data alone, checked by those platforms' own libraries.

/** As GitHub signs: the body is the payload itself. */
const github = {
  envelope: 'data',
  headers: [
    { name: 'X-GitHub-Event', value: '{type}' },
    { name: 'X-GitHub-Delivery', value: '{uuid}' },
  ],
  signature: { header: 'X-Hub-Signature-256', value: 'sha256={signature}' },
  retry_delays: [],
};

/** As Stripe signs: the time of the attempt and the signature share a header. */
const stripe = {
  envelope: [
    { name: 'id', from: 'id' },
    { name: 'object', value: 'event' },
    { name: 'api_version', value: '2024-06-20' },
    { name: 'created', from: 'time', format: 'unix' },
    { name: 'type', from: 'type' },
    { name: 'data', fields: [{ name: 'object', from: 'data' }] },
  ],
  signature: { header: 'Stripe-Signature', value: 't={timestamp},v1={signature}', signed: '{timestamp}.{body}' },
  retry_delays: [3600, 7200],
};

const definitions = {
  'imitates-github': dialectDefinition.parse(github),
  'imitates-stripe': dialectDefinition.parse(stripe),
};

beforeAll(() => addDialects(definitions));

const SECRET = 'a secret of the customer';

test.each(EVENTS)('GitHub’s library accepts $type', async (event) => {
  const { headers, body } = await dialectNamed('imitates-github').render(inputOf(event, [SECRET]));
  const [text, signature = ''] = [Buffer.from(body).toString('utf8'), headers['x-hub-signature-256']];
  expect(text).toBe(event.data);
  expect(await verify(SECRET, text, signature)).toBe(true);
  expect(await verify(SECRET, `${text} `, signature)).toBe(false);
});

test.each(EVENTS)('Stripe’s library accepts $type', async (event) => {
  const { webhooks } = new Stripe('sk_test_unused');
  const input = { ...inputOf(event, [SECRET]), now: Date.now() };
  const { headers, body } = await dialectNamed('imitates-stripe').render(input);
  const signature = headers['stripe-signature'] ?? '';
  const received = webhooks.constructEvent(Buffer.from(body), signature, SECRET);
  expect(received).toMatchObject({ id: event.id, object: 'event', type: event.type });
  expect(received.data.object).toEqual(JSON.parse(event.data));
  expect(() => webhooks.constructEvent(Buffer.from(body), signature, 'another secret')).toThrow('No signatures found');
  const old = await dialectNamed('imitates-stripe').render({ ...input, now: Date.now() - 600_000 });
  expect(() => webhooks.constructEvent(Buffer.from(old.body), old.headers['stripe-signature'] ?? '', SECRET)).toThrow(
    'tolerance',
  );
});

/** A dialect that docs/migrate.md prints. */
function printed(name: string): object {
  const page = readFileSync('docs/migrate.md', 'utf8');
  const [, json = ''] = new RegExp(`^\`\`\`json\\n(\\{\\n {2}"${name}"[^]*?)^\`\`\`$`, 'm').exec(page) ?? [];
  return readDialects(JSON.parse(json));
}

test('Svix’s library accepts what the dialect of docs/migrate.md sends, by `svix-*` alone, with the old secret and the new', async () => {
  addDialects(printed('svix') as typeof definitions);
  const [old, next] = ['old', 'new'].map((text) => `whsec_${Buffer.from(text.padEnd(24)).toString('base64')}`);
  const secrets = [next, old] as string[];
  const input = { ...goldenInput('user.created', secrets), now: Date.now() };
  const { headers, body } = await dialectNamed('svix').render(input);
  const text = Buffer.from(body).toString('utf8');
  expect(text).toBe(input.event.data);
  expect(Object.keys(headers).toSorted()).toEqual(['content-type', 'svix-id', 'svix-signature', 'svix-timestamp']);
  for (const secret of secrets) expect(() => new SvixWebhook(secret).verify(text, headers)).not.toThrow();
  const other = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
  expect(() => new SvixWebhook(other).verify(text, headers)).toThrow('No matching signature');
  expect(() => new SvixWebhook(next as string).verify(`${text} `, headers)).toThrow('No matching signature');
});

test('the dialect of docs/migrate.md for receivers of Outpost sends the data alone, signed and named as there', async () => {
  addDialects(printed('outpost') as typeof definitions);
  const input = goldenInput('user.created', [SECRET, 'old']);
  const { headers, body } = await dialectNamed('outpost').render(input);
  expect(Buffer.from(body).toString('utf8')).toBe(input.event.data);
  expect(headers).toMatchObject({
    'x-outpost-event-id': input.event.id,
    'x-outpost-topic': 'user.created',
    'x-outpost-timestamp': '2026-02-06T12:00:03Z',
    'x-outpost-signature': `v0=${[SECRET, 'old'].map((secret) => createHmac('sha256', secret).update(body).digest('hex')).join(',')}`,
  });
});

test('a deployment’s own dialects are found, have their own retries, and reserve their headers', () => {
  expect(dialectNames()).toEqual(expect.arrayContaining(['standard', 'imitates-github', 'imitates-stripe']));
  expect(delaysOf(defaultRetry('imitates-stripe'))).toEqual([3600, 7200]);
  expect(reservedHeaders()).toEqual(expect.arrayContaining(['x-hub-signature-256', 'stripe-signature']));
});

test('adding the same dialects again changes nothing, and no name can mean two things', async () => {
  const render = async () => dialectNamed('imitates-github').render(goldenInput('push', [SECRET]));
  const before = await render();
  addDialects(structuredClone(definitions));
  expect(await render()).toEqual(before);
  const other = { 'imitates-github': definitions['imitates-stripe'] };
  expect(() => addDialects(other)).toThrow('There is a dialect "imitates-github" already.');
  expect(() => addDialects({ standard: definitions['imitates-stripe'] })).toThrow('There is a dialect "standard"');
});
