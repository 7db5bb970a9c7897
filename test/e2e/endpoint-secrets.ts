import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import type { Backend } from './backend.ts';
import { Scene } from './scene.ts';

function isSignedWith(secret: string, body: string, headers: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

/** What requests carry that is secret, from the call that sets it to the customer's server. */
export function describeEndpointSecrets(backend: Backend): void {
  describe(`${backend.name}: secrets of endpoints`, () => {
    const scene = new Scene(backend, 'secrets');

    test('requests authenticate themselves, and no answer shows with what', async () => {
      const receiver = await scene.receiver();
      const secret = { headers: { 'x-tag': 'a-hidden-tag' }, auth: { type: 'bearer', token: 'a-hidden-token' } };
      const endpoint = await scene.api.endpoint({ url: receiver.url, ...secret });
      const event = await scene.api.post();
      await scene.ended(event.id, endpoint.id, 'delivered');
      const [arrival] = await scene.arrived(receiver, event.id);
      expect(arrival?.headers).toMatchObject({ 'x-tag': 'a-hidden-tag', authorization: 'Bearer a-hidden-token' });
      const shown = await scene.api.get(`/v1/endpoints/${endpoint.id}`);
      expect(shown).toMatchObject({ header_names: ['x-tag'], auth: { type: 'bearer', header: 'authorization' } });
      expect(JSON.stringify(shown)).not.toContain('a-hidden');
    });

    test('a rotated secret signs at once, the old one beside it, and the history names both', async () => {
      const receiver = await scene.receiver();
      const { id, signing_secret: old } = await scene.api.endpoint({ url: receiver.url });
      const rotated = await scene.api.change(id, 'rotate-secret');
      const event = await scene.api.post();
      const delivery = await scene.ended(event.id, id, 'delivered');
      const [arrival] = await scene.arrived(receiver, event.id);
      for (const secret of [old, rotated.signing_secret]) {
        new Webhook(secret).verify(arrival?.body ?? '', arrival?.headers ?? {});
      }
      const fingerprints = rotated.secrets.map(({ fingerprint }: { fingerprint: string }) => fingerprint);
      expect(fingerprints).toHaveLength(2);
      expect(delivery.attempts[0].signed_with).toEqual(fingerprints);
    });

    test('while secrets are rotated under load, each request is signed with one of them, and then with the last', async () => {
      const receiver = await scene.receiver();
      const { id, signing_secret: first } = await scene.api.endpoint({ url: receiver.url });
      const secrets: string[] = [first];
      const posted: string[] = [];
      for (let round = 0; round < 3; round += 1) {
        const rotation = scene.api.change(id, 'rotate-secret', { overlap_seconds: 0 });
        const posts = Array.from({ length: 8 }, () => scene.api.post());
        posted.push(...(await Promise.all(posts)).map((event) => event.id));
        secrets.push((await rotation).signing_secret);
      }
      const last = await scene.api.post();
      for (const eventId of [...posted, last.id]) await scene.ended(eventId, id, 'delivered');
      const signers = ({ body, headers }: (typeof receiver.arrivals)[number]) =>
        secrets.filter((secret) => isSignedWith(secret, body, headers));
      for (const eventId of posted) {
        for (const arrival of receiver.of(eventId)) expect(signers(arrival)).toHaveLength(1);
      }
      for (const arrival of receiver.of(last.id)) expect(signers(arrival)).toEqual([secrets.at(-1)]);
    });

    test('an endpoint that moves in while its secret is replaced is signed for with both', async () => {
      const receiver = await scene.receiver();
      const [now, before] = [1, 2].map((byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`) as [
        string,
        string,
      ];
      const expires = new Date(Date.now() + 3_600_000).toISOString();
      const fields = { signing_secret: now, previous_secret: { signing_secret: before, expires_at: expires } };
      const { id } = await scene.api.endpoint({ url: receiver.url, ...fields });
      const event = await scene.api.post();
      await scene.ended(event.id, id, 'delivered');
      const [arrival] = await scene.arrived(receiver, event.id);
      for (const secret of [now, before]) new Webhook(secret).verify(arrival?.body ?? '', arrival?.headers ?? {});
    });

    test('events are found by what they are and where they went', async () => {
      const receiver = await scene.receiver();
      const { id } = await scene.api.endpoint({ url: receiver.url, events: ['found.*'] });
      const event = await scene.api.post({ type: 'found.once', external_id: 'order-1' });
      const other = await scene.api.post({ type: 'other' });
      const found = async (query: string) =>
        (await scene.api.get(`/v1/events?${query}`)).data.map((one: { id: string }) => one.id);
      expect(await found('type=found.*')).toEqual([event.id]);
      expect(await found('external_id=order-1')).toEqual([event.id]);
      expect(await found(`endpoint_id=${id}`)).toEqual([event.id]);
      expect(await found('type=other')).toEqual([other.id]);
      expect(await found(`endpoint_id=${id}&type=other`)).toEqual([]);
    });
  });
}
