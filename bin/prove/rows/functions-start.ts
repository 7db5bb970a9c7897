import { type Proof, verdict } from '../row.ts';

export const functionsStart: Proof = {
  name: 'functions-start',
  claim: 'The functions start on `nodejs24.x`, arm64',
  async prove(deployment) {
    const others: string[] = [];
    const functions = await deployment.functions();
    for (const [stage, name] of functions) {
      const shape = await deployment.aws('lambda', 'get-function-configuration', '--function-name', name);
      const seen = `${shape.Runtime} ${shape.Architectures[0]} ${shape.State}`;
      if (seen !== 'nodejs24.x arm64 Active') others.push(`${stage}: ${seen}`);
    }
    const { status } = await deployment.request('GET', '/v1/health');
    const holds = others.length === 0 && functions.size > 0 && status === 200;
    return verdict(
      holds,
      `${functions.size} functions; GET /v1/health ${status}${others.map((one) => `; ${one}`).join('')}`,
    );
  },
};
