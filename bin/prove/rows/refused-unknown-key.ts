import { type Proof, verdict } from '../row.ts';

export const refusedUnknownKey: Proof = {
  name: 'refused-unknown-key',
  claim: 'With an unknown key, Postrider answers 401 with a problem document',
  async prove(deployment) {
    const { status, headers } = await deployment.request('GET', '/v1/endpoints', { key: 'prk_unknown' });
    const type = headers.get('content-type') ?? 'no type';
    return verdict(status === 401 && type.startsWith('application/problem+json'), `${status} ${type}`);
  },
};
