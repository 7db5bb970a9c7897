import { runQuery } from '../log-query.ts';
import { type Proof, verdict } from '../row.ts';

interface Definition {
  name: string;
  queryString: string;
  logGroupNames: string[];
}

const HOUR = 3_600_000;

export const savedQueries: Proof = {
  name: 'saved-queries',
  claim: 'Each saved query runs',
  async prove(deployment) {
    const prefix = `${deployment.flags.stack}/`;
    const { queryDefinitions } = await deployment.aws(
      'logs',
      'describe-query-definitions',
      '--query-definition-name-prefix',
      prefix,
    );
    const since = deployment.machine.now() - HOUR;
    const failed: string[] = [];
    for (const { name, queryString, logGroupNames } of queryDefinitions as Definition[]) {
      await runQuery(deployment, logGroupNames, queryString, since).catch((error: Error) =>
        failed.push(`${name.slice(prefix.length)}: ${error.message}`),
      );
    }
    const { length } = queryDefinitions;
    return verdict(length > 0 && failed.length === 0, [`${length} queries`, ...failed].join('; '));
  },
};
