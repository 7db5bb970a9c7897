import { type Proof, verdict } from '../row.ts';

export const encodedSlash: Proof = {
  name: 'encoded-slash',
  claim: "A `/` in a tenant's id reaches the function when it is percent-encoded in the path",
  async prove(deployment) {
    const { status, text } = await deployment.request('GET', '/v1/tenants/prove%2Fslash', { key: deployment.key() });
    return verdict(status === 200 && text.includes('"id":"prove/slash"'), `${status} ${text.slice(0, 200)}`);
  },
};
