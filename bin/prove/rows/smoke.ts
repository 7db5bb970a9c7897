import { join } from 'node:path';
import { Skip } from '../deployment.ts';
import { type Proof, verdict } from '../row.ts';

const SMOKE = join(import.meta.dirname, '../../smoke.ts');

export const smoke: Proof = {
  name: 'smoke',
  claim: "The whole path works with each function's own permissions",
  async prove(deployment) {
    const { receiverUrl } = deployment.flags;
    if (receiverUrl === undefined) throw new Skip('pass --receiver-url');
    const target = ['--api', await deployment.apiUrl(), '--key', deployment.key(), '--receiver-url', receiverUrl];
    const printed = await deployment.machine.run(process.execPath, [SMOKE, ...target]);
    const steps = printed.trim().split('\n');
    const done = steps.filter((step) => step.startsWith('ok')).length;
    return verdict(done === steps.length, `${done} of ${steps.length} steps of smoke`);
  },
};
