import { Refusal } from '../refusal.ts';
import type { Deployment, Json } from './deployment.ts';

const POLL_MS = 1000;
const LIMIT_MS = 60_000;

/**
 * Asks Logs Insights about some log groups, from a time to now.
 * @returns the rows, each by the names of its fields
 * @throws Refusal when it does not end, or ends badly
 */
export async function runQuery(
  deployment: Deployment,
  groups: readonly string[],
  query: string,
  since: number,
): Promise<Record<string, string>[]> {
  const { queryId } = await deployment.aws(
    'logs',
    'start-query',
    '--log-group-names',
    ...groups,
    '--query-string',
    query,
    '--start-time',
    String(Math.floor(since / 1000)),
    '--end-time',
    String(Math.ceil(deployment.machine.now() / 1000)),
  );
  const ended = await deployment.until(
    async () => {
      const answer = await deployment.aws('logs', 'get-query-results', '--query-id', queryId);
      return answer.status === 'Running' || answer.status === 'Scheduled' ? undefined : answer;
    },
    POLL_MS,
    LIMIT_MS,
  );
  if (ended?.status !== 'Complete') throw new Refusal(`the query ended as ${ended?.status ?? 'nothing'}: ${query}`);
  return ended.results.map((row: Json[]) => Object.fromEntries(row.map(({ field, value }) => [field, value])));
}
