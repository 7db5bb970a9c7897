import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { DIALECT_NAMES, type DialectName, dialectNamed, dialects, reservedHeaders } from '../../lib/dialects/index.ts';
import { checkHeaders } from '../../lib/domain/header-policy.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { type Receiver, describeDialect } from './dialect.contract.ts';
import { EVENTS, inputOf } from './render-inputs.ts';

const hmacHex = (secret: string, ...parts: (string | Uint8Array)[]) =>
  parts
    .reduce<ReturnType<typeof createHmac>>((hmac, part) => hmac.update(part), createHmac('sha256', secret))
    .digest('hex');

const isFresh = (timestamp: string | undefined, seconds: number) =>
  Math.abs(Date.now() / 1000 - Number(timestamp)) <= seconds;

/** One for each dialect that signs: how the platform's customers verify what they get. */
const RECEIVERS: Record<Exclude<DialectName, 'slack' | 'discord'>, Receiver> = {
  standard: ({ headers, body }, secret) => {
    try {
      new Webhook(secret).verify(Buffer.from(body), headers, { jsonParse: false });
      return true;
    } catch {
      return false;
    }
  },
  vem: ({ headers, body }, secret) => headers['x-webhook-signature'] === `sha256=${hmacHex(secret, body)}`,
  veriswarm: ({ headers, body }, secret) => {
    const timestamp = headers['x-veriswarm-timestamp'];
    return isFresh(timestamp, 300) && headers['x-veriswarm-signature'] === hmacHex(secret, `${timestamp}.`, body);
  },
  vellum: ({ headers, body, url }, secret) => {
    const timestamp = headers['x-vellum-timestamp'];
    return (
      isFresh(timestamp, 60) && headers['x-vellum-signature'] === hmacHex(secret, `${timestamp}\nPOST\n${url}\n`, body)
    );
  },
  ventryx: ({ headers, body }, secret) => headers['ventryx-signature'] === `sha256=${hmacHex(secret, body)}`,
};

for (const name of DIALECT_NAMES) {
  describeDialect(name, dialects[name], (RECEIVERS as Partial<Record<string, Receiver>>)[name]);
}

test('a dialect is found by the name that endpoints store', () => {
  for (const name of DIALECT_NAMES) expect(dialectNamed(name)).toBe(dialects[name]);
});

test.each(['latin', 'constructor', ''])('%j is no dialect', (name) => {
  expect(() => dialectNamed(name)).toThrow(/^There is no dialect .+: give its definition again/);
});

test('a header that one dialect sets is refused on every endpoint', async () => {
  for (const { newSecret, render } of Object.values(dialects)) {
    const { headers } = await render(inputOf(EVENTS[0], [newSecret(new SeededRandom(1))]));
    for (const name of Object.keys(headers))
      expect(checkHeaders({ [name]: 'x' }, reservedHeaders()), name).toBeDefined();
  }
});
