import { describe, expect, test } from 'vitest';
import { codeAt } from '../../api/over-http/totp.ts';
import { Api, type Json, eventually } from '../../e2e/api.ts';
import { killFunctions } from '../cloud/processes.ts';
import { RareScene } from './rare-scene.ts';

/** What the account's function keeps of who may call: the second factor, sealed by KMS, and the audit log. */
export function describeSecondFactor(): void {
  describe('the second factor, deployed', () => {
    const scene = new RareScene('factor');
    const { workFolder, stack } = scene.deployment;
    const killAccount = () => killFunctions(workFolder, `${stack.name}-PostriderAccount`);

    test('is confirmed by another process too, asked for, audited, disabled, and reset by the platform', async () => {
      const { id, secret: apiKey } = await scene.call('POST', '/v1/api-keys', { name: 'Security' });
      // The platform's own factor would be asked of every other test.
      const api = new Api({ url: scene.running.url, apiKey });
      const makeKey = (code?: string) =>
        api.call('POST', '/v1/api-keys', { name: 'Sensitive' }, code === undefined ? {} : { 'postrider-mfa': code });

      await scene.beginMonth();
      await killAccount();
      const enrolled = await eventually(
        () => api.call('POST', '/v1/mfa/enrol'),
        ({ status }) => status < 500,
      );
      expect(enrolled.status, JSON.stringify(enrolled.body)).toBe(201);
      // What opens the secret has not sealed it, and asks KMS.
      await killAccount();
      const confirmed = await eventually(
        () => api.call('POST', '/v1/mfa/confirm', { code: codeAt(enrolled.body.secret, Date.now()) }),
        ({ status }) => status < 500,
      );
      expect(confirmed.status, JSON.stringify(confirmed.body)).toBe(200);

      expect(await makeKey()).toMatchObject({ status: 403, body: { type: '/problems/second-factor-needed' } });
      const [first, second] = confirmed.body.recovery_codes;
      expect((await makeKey(first)).status).toBe(201);
      const { data } = await api.get(`/v1/audit-log?action=api-keys.create&key_id=${id}`);
      expect(data.map(({ outcome }: Json) => outcome)).toEqual(['done', 'refused']);

      await api.call('POST', '/v1/mfa/step-up', { code: second });
      expect((await api.call('POST', '/v1/mfa/disable')).body).toMatchObject({ status: 'off' });
      expect((await makeKey()).status).toBe(201);
      await api.call('POST', '/v1/mfa/enrol');
      await scene.callOfPlatform('POST', `/v1/tenants/${scene.tenant}/reset-mfa`);
      expect(await api.get('/v1/mfa')).toMatchObject({ status: 'off' });
    });
  });
}
