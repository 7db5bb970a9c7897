import { type Proof, verdict } from '../row.ts';

const LIMIT_MS = 30_000;
/** What the gateway's cache promises, and the time of a call. */
const PROMISED_MS = 12_000;

export const revokedKey: Proof = {
  name: 'revoked-key',
  claim: 'A deleted key stops working within 10 s',
  async prove(deployment) {
    const { id, secret } = await deployment.call(201, 'POST', '/v1/api-keys', { name: 'prove' });
    const statusNow = async () => (await deployment.request('GET', '/v1/endpoints', { key: secret })).status;
    const before = await statusNow();
    const start = deployment.machine.now();
    await deployment.call(200, 'POST', `/v1/api-keys/${id}/revoke`);
    const refusedAt = await deployment.until(
      async () => ((await statusNow()) === 401 ? deployment.machine.now() : undefined),
      1000,
      LIMIT_MS,
    );
    if (refusedAt === undefined) return verdict(false, `still accepted ${LIMIT_MS / 1000} s after it was revoked`);
    const took = refusedAt - start;
    return verdict(before === 200 && took <= PROMISED_MS, `${before} before, 401 after ${Math.round(took / 1000)} s`);
  },
};
