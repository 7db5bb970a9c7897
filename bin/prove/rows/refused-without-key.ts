import { type Proof, verdict } from '../row.ts';

export const refusedWithoutKey: Proof = {
  name: 'refused-without-key',
  claim: 'Without `Authorization`, the gateway itself answers 401',
  async prove(deployment) {
    const { status, text } = await deployment.request('GET', '/v1/endpoints');
    return verdict(status === 401 && text === '{"message":"Unauthorized"}', `${status} ${text.slice(0, 200)}`);
  },
};
