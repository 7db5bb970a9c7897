import { Skip } from '../deployment.ts';
import { type Proof, fail, pass } from '../row.ts';

export const noChanges: Proof = {
  name: 'no-changes',
  claim: 'A second deployment changes nothing',
  async prove({ flags: { stack, context }, machine }) {
    if (!context) throw new Skip('pass --context with what was given to "cdk deploy" by -c, or --context none=given');
    const given = [`stackName=${stack}`, ...context].flatMap((one) => ['-c', one]);
    try {
      await machine.run('npx', ['cdk', 'diff', stack, '--fail', ...given]);
      return pass('cdk diff --fail found no difference');
    } catch (error) {
      return fail((error as Error).message);
    }
  },
};
