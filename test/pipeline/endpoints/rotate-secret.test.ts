import { createHmac } from 'node:crypto';
import { verifyAsync } from '@noble/ed25519';
import { Webhook } from 'standardwebhooks';
import { describe, expect } from 'vitest';
import type { Endpoint } from '../../../lib/domain/endpoint.ts';
import { fingerprintOf } from '../../../lib/domain/secret-rotation.ts';
import { editEndpoint } from '../../../lib/pipeline/endpoints/edit.ts';
import { disableEndpoint, pauseEndpoint, revokeEndpoint } from '../../../lib/pipeline/endpoints/status-calls.ts';
import { type Rotation, rotateSecret } from '../../../lib/pipeline/endpoints/rotate-secret.ts';
import { test } from '../../support/pipeline-test.ts';
import { TENANT, type World } from '../../support/world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const rotate = (world: World, { id }: Pick<Endpoint, 'id'>, rotation: Partial<Rotation> = {}) =>
  rotateSecret(world.ports, TENANT, id, { use: 'signing', ...rotation });
const own = (text: string) => `whsec_${Buffer.from(text.padEnd(32, '.')).toString('base64')}`;
const hmac = (secret: string, body: string) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

/** Which of these secrets a receiver with Standard Webhooks' own library accepts. */
function accepted(arrival: { headers: Readonly<Record<string, string>>; body: string } | undefined, secrets: string[]) {
  return secrets.filter((secret) => {
    try {
      // The clock of the world is not that of the library.
      const webhook = new Webhook(secret);
      const { headers, body } = arrival as NonNullable<typeof arrival>;
      const at = new Date(Number(headers['webhook-timestamp']) * 1000);
      const signature = webhook.sign(headers['webhook-id'] as string, at, body);
      return headers['webhook-signature']?.split(' ').includes(signature);
    } catch {
      return false;
    }
  });
}

describe('standard', () => {
  test('for a day receivers with the old and with the new secret accept what comes, then only those with the new', async ({
    world,
    process,
    post,
  }) => {
    const secrets = [own('old'), own('new')];
    const endpoint = await world.endpointAnswering(200, { signingSecret: secrets[0] as string });
    await rotate(world, endpoint, { own: secrets[1] as string });
    for (const wait of [0, DAY - 1, 1]) {
      await world.clock.advance(wait);
      await post();
      await world.drain(process);
    }
    const arrivals = world.customers.at(endpoint.url);
    expect(arrivals.map((arrival) => accepted(arrival, secrets))).toEqual([secrets, secrets, [secrets[1]]]);
  });

  test('an overlap of 0 ends the old secret at once', async ({ world, process, post }) => {
    const endpoint = await world.endpointAnswering(200, { signingSecret: own('old') });
    const { signingSecret = '' } = await rotate(world, endpoint, { overlapMs: 0 });
    await post();
    await world.drain(process);
    const [arrival] = world.customers.at(endpoint.url);
    expect(accepted(arrival, [own('old'), signingSecret])).toEqual([signingSecret]);
  });

  test('a sixth secret that signs is refused, and nothing is changed', async ({ world }) => {
    const endpoint = await world.endpointAnswering(200);
    for (let nth = 0; nth < 4; nth += 1) await rotate(world, endpoint);
    const before = await world.store.endpoints.get(TENANT, endpoint.id);
    await expect(rotate(world, endpoint)).rejects.toMatchObject({ code: 'too-many-secrets' });
    expect(await world.store.endpoints.get(TENANT, endpoint.id)).toEqual(before);
    await rotate(world, endpoint, { overlapMs: 0 });
  });
});

describe('a dialect with one signature', () => {
  test('the new secret signs from the answer on', async ({ world, process, post }) => {
    const endpoint = await world.endpointAnswering(200, { dialect: 'vem', signingSecret: 'old' });
    await rotate(world, endpoint, { own: 'new' });
    await post();
    await world.drain(process);
    const [{ headers, body } = { headers: {} as Record<string, string>, body: '' }] = world.customers.at(endpoint.url);
    expect(headers['x-webhook-signature']).toBe(hmac('new', body));
  });

  test('with activate_in the old one signs until then, also through a second rotation', async ({
    world,
    process,
    post,
  }) => {
    const endpoint = await world.endpointAnswering(200, { dialect: 'vem', signingSecret: 'old' });
    await rotate(world, endpoint, { own: 'never', activateInMs: 2 * HOUR });
    await rotate(world, endpoint, { own: 'new', activateInMs: HOUR });
    for (const wait of [0, HOUR - 1, 1, HOUR]) {
      await world.clock.advance(wait);
      await post();
      await world.drain(process);
    }
    const signed = world.customers
      .at(endpoint.url)
      .map(({ headers, body }) =>
        ['old', 'new', 'never'].find((secret) => hmac(secret, body) === headers['x-webhook-signature']),
      );
    expect(signed).toEqual(['old', 'old', 'new', 'new']);
  });

  test.for([
    ['vem', { overlapMs: HOUR }, 'overlap_seconds'],
    ['standard', { activateInMs: HOUR }, 'activate_in_seconds'],
  ] as const)('%s refuses %j, and says what to leave out', async ([dialect, times, named], { world }) => {
    const endpoint = await world.endpointAnswering(200, { dialect });
    await expect(rotate(world, endpoint, times)).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining(named),
    });
  });

  test('beside it, the headers of Standard Webhooks are signed with both secrets for a day', async ({
    world,
    process,
    post,
  }) => {
    const secrets = [own('old'), own('new')] as const;
    const endpoint = await world.endpointAnswering(200, {
      dialect: 'vem',
      signingSecret: secrets[0],
      alsoStandard: true,
    });
    await rotate(world, endpoint, { own: secrets[1] });
    for (const wait of [0, DAY - 1, 1]) {
      await world.clock.advance(wait);
      await post();
      await world.drain(process);
    }
    const arrivals = world.customers.at(endpoint.url);
    expect(arrivals.map((arrival) => accepted(arrival, [...secrets]))).toEqual([secrets, secrets, [secrets[1]]]);
    for (const { headers, body } of arrivals) expect(headers['x-webhook-signature']).toBe(hmac(secrets[1], body));
  });

  test('beside it, with activate_in, both change then, and the headers of Standard Webhooks overlap', async ({
    world,
    process,
    post,
  }) => {
    const secrets = [own('old'), own('new')] as const;
    const endpoint = await world.endpointAnswering(200, {
      dialect: 'vem',
      signingSecret: secrets[0],
      alsoStandard: true,
    });
    await rotate(world, endpoint, { own: secrets[1], activateInMs: HOUR, overlapMs: HOUR });
    for (const wait of [0, HOUR, HOUR]) {
      await world.clock.advance(wait);
      await post();
      await world.drain(process);
    }
    const arrivals = world.customers.at(endpoint.url);
    expect(arrivals.map((arrival) => accepted(arrival, [...secrets]))).toEqual([[secrets[0]], secrets, [secrets[1]]]);
    const signer = ({ headers, body }: (typeof arrivals)[number]) =>
      secrets.find((secret) => hmac(secret, body) === headers['x-webhook-signature']);
    expect(arrivals.map(signer)).toEqual([secrets[0], secrets[1], secrets[1]]);
  });

  test('the headers of Standard Webhooks beside it stay, when the new secret is of another form', async ({
    world,
    process,
    post,
  }) => {
    const before = own('old');
    const endpoint = await world.endpointAnswering(200, { dialect: 'vem', signingSecret: before, alsoStandard: true });
    const { standardSecret = '' } = await rotate(world, endpoint, { own: 'short' });
    await post();
    await world.drain(process);
    expect(accepted(world.customers.at(endpoint.url)[0], [before, standardSecret])).toEqual([before, standardSecret]);
    const { secrets = [] } = { ...(await world.store.endpoints.get(TENANT, endpoint.id)) };
    expect(secrets).toHaveLength(1);
    const { standardSecret: another = '' } = await rotate(world, endpoint, { use: 'standard', overlapMs: 0 });
    await post();
    await world.drain(process);
    expect(accepted(world.customers.at(endpoint.url)[1], [before, standardSecret, another])).toEqual([another]);
  });
});

test('a rotation keeps the generation: failures that were counted and slots that were reserved stay', async ({
  world,
  process,
  post,
}) => {
  const endpoint = await world.endpointAnswering(500, { rateLimitPerSecond: 1 });
  await post();
  await world.drain(process);
  await rotate(world, endpoint);
  const changed = await world.store.endpoints.get(TENANT, endpoint.id);
  expect(changed).toMatchObject({ generation: endpoint.generation, secretsRevision: 1 });
  await post();
  // The second one waits for its slot.
  await world.run(process, 2000);
  const health = await world.store.health.get(TENANT, endpoint.id);
  expect(health?.consecutiveFailures).toBe(2);
});

test('a rotation and an edit at the same moment are both made', async ({ world }) => {
  const endpoint = await world.endpointAnswering(200);
  const changes = [
    ...Array.from({ length: 3 }, () => rotate(world, endpoint)),
    editEndpoint(world.ports, TENANT, endpoint.id, { label: 'edited' }),
    pauseEndpoint(world.ports, TENANT, endpoint.id),
  ];
  await world.clock.advanceUntil(Promise.all(changes));
  const after = await world.store.endpoints.get(TENANT, endpoint.id);
  expect(after).toMatchObject({ label: 'edited', status: 'paused', secretsRevision: 3 });
  expect(after?.secrets).toHaveLength(4);
});

test('a disabled endpoint gets a new secret, a revoked one none', async ({ world }) => {
  const endpoint = await world.endpointAnswering(200);
  await disableEndpoint(world.ports, TENANT, endpoint.id);
  await rotate(world, endpoint);
  await revokeEndpoint(world.ports, TENANT, endpoint.id);
  await expect(rotate(world, endpoint)).rejects.toMatchObject({ code: 'wrong-state' });
  expect(await world.store.endpoints.get(TENANT, endpoint.id)).toMatchObject({ secrets: [] });
});

test('the history says which secrets signed an attempt', async ({ world, process, post }) => {
  const endpoint = await world.endpointAnswering(200);
  const slack = await world.endpoint({ url: world.customers.open('slack', () => 200), dialect: 'slack' });
  const { endpoint: changed } = await rotate(world, endpoint);
  const eventId = await post();
  await world.drain(process);
  const records = await world.store.deliveries.ofEvent(TENANT, eventId, [endpoint.id, slack.id]);
  const signedWith = (id: string) => records.find(({ endpointId }) => endpointId === id)?.attempts[0]?.signedWith;
  expect(signedWith(endpoint.id)).toBe(changed.secrets.map(fingerprintOf).join(' '));
  expect(signedWith(slack.id)).toBeUndefined();
});

describe('asymmetric signatures', () => {
  /** How many signatures of a request each of these public keys verifies, by an implementation of Ed25519 that is not ours. */
  async function verified(
    { headers, body }: { headers: Readonly<Record<string, string>>; body: string },
    publicKeys: readonly (string | undefined)[],
  ) {
    const signed = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
    const parts = (headers['webhook-signature'] ?? '').split(' ').filter((part) => part.startsWith('v1a,'));
    const counts = publicKeys.map(async (key) => {
      const bytes = Buffer.from((key ?? '').replace(/^whpk_/, ''), 'base64');
      const checks = parts.map((part) => verifyAsync(Buffer.from(part.slice(4), 'base64'), signed, bytes));
      return (await Promise.all(checks)).filter(Boolean).length;
    });
    return Promise.all(counts);
  }

  test.for([
    ['standard', {}],
    ['vem', { alsoStandard: true }],
  ] as const)(
    '%s: each key in force signs beside the secret, and after its rotation the new one',
    async ([dialect, more], { world, process, post }) => {
      const signingSecret = own('secret');
      const endpoint = await world.endpointAnswering(200, { dialect, ...more, signingSecret, asymmetricSigning: true });
      const { endpoint: after } = await rotate(world, endpoint, { use: 'asymmetric' });
      const keys = [endpoint.privateKeys?.[0]?.publicKey, after.privateKeys?.[0]?.publicKey];
      for (const wait of [0, DAY]) {
        await world.clock.advance(wait);
        await post();
        await world.drain(process);
      }
      const [both, one] = world.customers.at(endpoint.url) as Parameters<typeof verified>[0][];
      if (!both || !one) throw new Error('Two requests should have come.');
      expect(await verified(both, keys)).toEqual([1, 1]);
      expect(await verified(one, keys)).toEqual([0, 1]);
      expect(await verified({ ...both, body: `${both.body} ` }, keys)).toEqual([0, 0]);
      expect(accepted(both, [signingSecret])).toEqual([signingSecret]);
    },
  );

  test('an edit switches them on, and off', async ({ world, process, post }) => {
    const { id, url } = await world.endpointAnswering(200);
    for (const asymmetricSigning of [true, false]) {
      await editEndpoint(world.ports, TENANT, id, { asymmetricSigning });
      await post();
      await world.drain(process);
    }
    const versions = world.customers.at(url).map(({ headers }) => headers['webhook-signature']?.match(/v1a?(?=,)/g));
    expect(versions).toEqual([['v1', 'v1a'], ['v1']]);
  });
});
