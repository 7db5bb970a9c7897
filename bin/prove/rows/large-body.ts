import { type Proof, verdict } from '../row.ts';

/** More than Lambda takes, 6 MB, and less than the gateway does, 10 MB. */
const BYTES = 7_000_000;

export const largeBody: Proof = {
  name: 'large-body',
  claim: 'A body too large for Lambda (6 MB) but not for the gateway (10 MB) is refused with a 4xx',
  async prove(deployment) {
    const headers = { 'content-type': 'application/json' };
    const body = '0'.repeat(BYTES);
    const { status } = await deployment.request('POST', '/v1/events', { key: deployment.key(), headers, body });
    return verdict(status >= 400 && status < 500, `${status}`);
  },
};
