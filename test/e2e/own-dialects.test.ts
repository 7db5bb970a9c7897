import { readFileSync } from 'node:fs';
import { verify as verifyGithub } from '@octokit/webhooks-methods';
import { Stripe } from 'stripe';
import { Webhook as Svix } from 'svix';
import { describe, expect, test } from 'vitest';
import { addDialects } from '../../lib/dialects/index.ts';
import { readDialects } from '../../lib/dialects/own-dialects.ts';
import { aws } from './aws.ts';
import { type Json, eventually } from './api.ts';
import type { Backend } from './backend.ts';
import { embedded } from './embedded.ts';
import type { Arrival } from './receiver.ts';
import { Scene } from './scene.ts';

// Dialects as data, over real sockets, verified by the libraries of the platforms that they imitate.

const several = { each: 'v1={signature}', separator: ',' };
const stripe = {
  header: 'Stripe-Signature',
  value: 't={timestamp},{signature}',
  signed: '{timestamp}.{body}',
  several,
};

addDialects(
  readDialects({
    ...printed('svix'),
    'over-sockets-github': {
      envelope: 'data',
      signature: { header: 'X-Hub-Signature-256', value: 'sha256={signature}' },
    },
    'over-sockets-stripe': {
      envelope: [
        { name: 'id', from: 'id' },
        { name: 'object', value: 'event' },
        { name: 'type', from: 'type' },
        { name: 'data', fields: [{ name: 'object', from: 'data' }] },
      ],
      signature: stripe,
    },
  }),
);

/** A dialect that docs/migrate.md prints. */
function printed(name: string): object {
  const page = readFileSync('docs/migrate.md', 'utf8');
  const [, json = ''] = new RegExp(`^\`\`\`json\\n(\\{\\n {2}"${name}"[^]*?)^\`\`\`$`, 'm').exec(page) ?? [];
  return JSON.parse(json);
}

type Accepts = (arrival: Arrival, secret: string) => Promise<boolean> | boolean;

const asThrown = (work: () => unknown): boolean => {
  try {
    work();
    return true;
  } catch {
    return false;
  }
};
const secretOf = (text: string) => `whsec_${Buffer.from(text.padEnd(32, '.')).toString('base64')}`;

const CASES: [string, { accepts: Accepts; overlaps: boolean }][] = [
  [
    'svix',
    { accepts: ({ body, headers }, secret) => asThrown(() => new Svix(secret).verify(body, headers)), overlaps: true },
  ],
  [
    'over-sockets-stripe',
    {
      accepts: ({ body, headers }, secret) =>
        asThrown(() =>
          new Stripe('sk_unused').webhooks.constructEvent(body, headers['stripe-signature'] ?? '', secret),
        ),
      overlaps: true,
    },
  ],
  [
    'over-sockets-github',
    {
      accepts: ({ body, headers }, secret) => verifyGithub(secret, body, headers['x-hub-signature-256'] ?? ''),
      overlaps: false,
    },
  ],
];

describe.each<Backend>([embedded, aws])('$name: dialects as data', (backend) => {
  const scene = new Scene(backend, 'own-dialects');

  test.each(CASES)(
    'the library of %s accepts an attempt, its retry, and both secrets of a rotation',
    async (dialect, one) => {
      const { accepts, overlaps } = one;
      const [old, next] = [secretOf('old'), secretOf('new')];
      let answer = 503;
      const receiver = await scene.receiver(() => answer);
      const fields = { url: receiver.url, dialect, signing_secret: old, retry: { delays: [1, 1] } };
      const { id } = await scene.api.endpoint(fields);
      const first: Json = await scene.api.post({ type: 'invoice.paid', data: { n: 1, title: 'Grüße 😀' } });
      await eventually(
        async () => receiver.arrivals,
        (arrivals) => arrivals.length > 0,
      );
      answer = 200;
      await scene.ended(first.id, id, 'delivered');
      await scene.api.change(id, 'rotate-secret', { signing_secret: next });
      const second: Json = await scene.api.post({ type: 'invoice.paid', data: { n: 2 } });
      await scene.ended(second.id, id, 'delivered');

      const [attempt, retry, rotated] = receiver.arrivals as [Arrival, Arrival, Arrival];
      expect(receiver.arrivals).toHaveLength(3);
      expect(retry.body).toBe(attempt.body);
      expect(retry.headers['svix-id']).toBe(attempt.headers['svix-id']);
      for (const arrival of [attempt, retry]) {
        expect(await accepts(arrival, old)).toBe(true);
        expect(await accepts(arrival, next)).toBe(false);
        expect(await accepts({ ...arrival, body: arrival.body.replace('1', '2') }, old)).toBe(false);
      }
      expect(await accepts(rotated, next)).toBe(true);
      expect(await accepts(rotated, old)).toBe(overlaps);
    },
  );
});
