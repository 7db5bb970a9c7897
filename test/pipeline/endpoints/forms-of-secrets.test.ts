import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect } from 'vitest';
import { addDialects } from '../../../lib/dialects/index.ts';
import { readDialects } from '../../../lib/dialects/own-dialects.ts';
import type { Endpoint } from '../../../lib/domain/endpoint.ts';
import { editEndpoint } from '../../../lib/pipeline/endpoints/edit.ts';
import { type Rotation, rotateSecret } from '../../../lib/pipeline/endpoints/rotate-secret.ts';
import { test } from '../../support/pipeline-test.ts';
import { TENANT, type World } from '../../support/world.ts';

const SEVERAL = {
  'rotation-several': {
    envelope: 'data',
    signature: { header: 'X-Several', several: { separator: ',' } },
  },
};
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const rotate = (world: World, { id }: Pick<Endpoint, 'id'>, rotation: Partial<Rotation> = {}) =>
  rotateSecret(world.ports, TENANT, id, { use: 'signing', ...rotation });
const own = (text: string) => `whsec_${Buffer.from(text.padEnd(32, '.')).toString('base64')}`;

interface Arrived {
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Did it sign the headers of Standard Webhooks? The clock of the world is not that of the library. */
function signedBy(secret: string, { headers, body }: Arrived): boolean {
  const { 'webhook-id': id = '', 'webhook-timestamp': timestamp, 'webhook-signature': signature = '' } = headers;
  return signature.split(' ').includes(new Webhook(secret).sign(id, new Date(Number(timestamp) * 1000), body));
}

describe('an edit that adds the headers of Standard Webhooks, in the middle of a rotation', () => {
  test('to a secret of another form: they stay when the old one has ended', async ({ world, process, post }) => {
    addDialects(readDialects(SEVERAL));
    const endpoint = await world.endpointAnswering(200, { dialect: 'rotation-several', signingSecret: own('old') });
    await rotate(world, endpoint, { own: 'a text' });
    const { standardSecret = '' } = await editEndpoint(world.ports, TENANT, endpoint.id, { alsoStandard: true });
    for (const wait of [0, DAY]) {
      await world.clock.advance(wait);
      await post();
      await world.drain(process);
    }
    const arrivals = world.customers.at(endpoint.url);
    expect(arrivals.map((arrival) => signedBy(standardSecret, arrival))).toEqual([true, true]);
  });

  test('from a secret of another form: they are there before the new one begins', async ({ world, process, post }) => {
    const endpoint = await world.endpointAnswering(200, { dialect: 'vem', signingSecret: 'a text' });
    await rotate(world, endpoint, { own: own('new'), activateInMs: HOUR });
    const { standardSecret = '' } = await editEndpoint(world.ports, TENANT, endpoint.id, { alsoStandard: true });
    await post();
    await world.drain(process);
    expect(world.customers.at(endpoint.url).map((arrival) => signedBy(standardSecret, arrival))).toEqual([true]);
  });

  test('from one that has ended since: the new one signs both', async ({ world }) => {
    const endpoint = await world.endpointAnswering(200, { dialect: 'vem', signingSecret: 'a text' });
    await rotate(world, endpoint, { own: own('new'), activateInMs: HOUR });
    await world.clock.advance(HOUR);
    expect(await editEndpoint(world.ports, TENANT, endpoint.id, { alsoStandard: true })).not.toHaveProperty(
      'standardSecret',
    );
  });
});

describe('vellum signs with secrets that the caller brought', () => {
  test.for([
    ['none', undefined, undefined, false],
    ['one by the rotation', undefined, 'brought', true],
    ['one before it', 'brought before', undefined, true],
  ] as const)('%s', async ([, first, second, signed], { world, process, post }) => {
    const endpoint = await world.endpointAnswering(200, { dialect: 'vellum', ...(first && { signingSecret: first }) });
    const { signingSecret = '' } = await rotate(world, endpoint, second ? { own: second } : {});
    await post();
    await world.drain(process);
    const [{ headers, body } = { headers: {} as Record<string, string>, body: '' }] = world.customers.at(endpoint.url);
    const content = `${headers['x-vellum-timestamp']}\nPOST\n${endpoint.url}\n${body}`;
    const signature = createHmac('sha256', signingSecret).update(content).digest('hex');
    expect(headers['x-vellum-signature']).toBe(signed ? signature : undefined);
  });
});
