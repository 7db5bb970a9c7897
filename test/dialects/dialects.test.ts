import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { DIALECT_NAMES, type DialectName, RESERVED_HEADERS, dialectNamed, dialects } from '../../lib/dialects/index.ts';
import { checkHeaders } from '../../lib/domain/header-policy.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { type Receiver, describeDialect } from './dialect.contract.ts';
import { EVENTS, inputOf } from './render-inputs.ts';

/** One for each dialect: how the platform's customers verify what they get. */
const RECEIVERS: Record<DialectName, Receiver> = {
  standard: ({ headers, body }, secret) => {
    try {
      new Webhook(secret).verify(Buffer.from(body), headers, { jsonParse: false });
      return true;
    } catch {
      return false;
    }
  },
};

for (const name of DIALECT_NAMES) describeDialect(name, dialects[name], RECEIVERS[name]);

test('a dialect is found by the name that endpoints store', () => {
  for (const name of DIALECT_NAMES) expect(dialectNamed(name)).toBe(dialects[name]);
});

test.each(['latin', 'constructor', ''])('%j is no dialect', (name) => {
  expect(() => dialectNamed(name)).toThrow('There is no dialect');
});

test('a header that one dialect sets is refused on every endpoint', async () => {
  for (const { newSecret, render } of Object.values(dialects)) {
    const { headers } = await render(inputOf(EVENTS[0], [newSecret(new SeededRandom(1))]));
    for (const name of Object.keys(headers))
      expect(checkHeaders({ [name]: 'x' }, RESERVED_HEADERS), name).toBeDefined();
  }
});
