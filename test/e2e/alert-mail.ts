import { describe, expect, test } from 'vitest';
import { codeIn } from '../support/outbox.ts';
import { eventually } from './api.ts';
import type { Backend } from './backend.ts';
import { Scene } from './scene.ts';

const PATH = '/v1/alerts/mail';

/** What docs/alerts.md promises of mail, over a mail server or SES's protocol where the backend has one. */
export function describeAlertMail(backend: Backend): void {
  describe(`mails of alerts, ${backend.name}`, () => {
    const scene = new Scene(backend, 'alert-mail');
    const arrived = (address: string, words: string): Promise<string> =>
      eventually(
        async () => (await scene.running.mailTo?.(address)) ?? '',
        (text) => text.includes(words),
      );

    test('a tenant reads whether mail is there, and has no address at first', async () => {
      const answer = await scene.api.get(PATH);
      expect(answer).toMatchObject({ available: scene.running.mailTo !== undefined, status: 'off', address: null });
      expect((await scene.api.call('DELETE', PATH)).body).toEqual(answer);
    });

    test('an address is confirmed by its code, and from then on told of changes of status, until it is removed', async ({
      skip,
    }) => {
      if (!scene.running.mailTo) skip();
      const address = `${scene.tenant}@example.com`;
      expect((await scene.api.call('PUT', PATH, { address })).body).toMatchObject({ status: 'unconfirmed' });
      const code = codeIn(await arrived(address, 'Code: '));
      expect((await scene.api.call('POST', `${PATH}/confirm`, { code })).body).toMatchObject({ status: 'on', address });

      const { id } = await scene.api.endpoint({ url: 'https://example.com/hooks', label: 'Orders' });
      await scene.api.change(id, 'pause');
      expect(await arrived(address, 'Someone paused this endpoint')).toContain('Orders');
      await scene.api.change(id, 'resume');
      await arrived(address, 'This endpoint takes deliveries again');

      expect((await scene.api.call('DELETE', PATH)).body).toMatchObject({ status: 'off', address: null });
    });
  });
}
