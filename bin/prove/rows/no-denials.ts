import { type Proof, verdict } from '../row.ts';

const DAY = 24 * 3_600_000;

export const noDenials: Proof = {
  name: 'no-denials',
  claim: 'No function was denied a permission',
  async prove(deployment) {
    const since = deployment.machine.now() - DAY;
    const stages = [...(await deployment.logGroups()).keys()];
    const denials: string[] = [];
    for (const stage of stages) {
      const lines = await deployment.lines(stage, '"AccessDenied"', since);
      if (lines.length > 0) denials.push(`${stage}: ${lines.length}, such as ${lines[0]?.slice(0, 200)}`);
    }
    const seen = denials.join('; ') || `no "AccessDenied" in ${stages.length} logs of a day`;
    return verdict(denials.length === 0 && stages.length > 0, seen);
  },
};
