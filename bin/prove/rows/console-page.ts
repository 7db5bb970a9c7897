import { type Proof, verdict } from '../row.ts';

export const consolePage: Proof = {
  name: 'console-page',
  claim: 'With `console`, CloudFront serves the page with its headers, and passes calls on with their key',
  async prove(deployment) {
    const given = deployment.flags.console ?? (await deployment.output('ConsoleUrl'));
    const url = given.replace(/\/$/, '');
    const page = await deployment.request('HEAD', `${url}/`);
    const policy = page.headers.get('content-security-policy');
    const key = deployment.key();
    const passed = await deployment.request('GET', `${url}/v1/endpoints`, { key });
    const seen = `page ${page.status}, ${policy === null ? 'no policy' : 'with its policy'}; API through it ${passed.status}`;
    return verdict(page.status === 200 && policy !== null && passed.status === 200, seen);
  },
};
