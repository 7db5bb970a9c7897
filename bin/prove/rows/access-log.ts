import { runQuery } from '../log-query.ts';
import { type Proof, verdict } from '../row.ts';
import { Skip } from '../deployment.ts';

const MINUTE = 60_000;
/** Its lines come within minutes. */
const LIMIT_MS = 5 * MINUTE;

export const accessLog: Proof = {
  name: 'access-log',
  claim: 'The access log is written, one JSON object per line, whatever the path',
  async prove(deployment) {
    const group = (await deployment.resources()).find(({ id }) => /InfrequentAccessLog[0-9A-F]{8}$/.test(id));
    if (!group) throw new Skip('the stack has no access log');
    const since = deployment.machine.now() - MINUTE;
    await deployment.request('GET', '/v1/%22"x');
    const ask = async () => {
      const rows = await runQuery(deployment, [group.name], 'fields @message | limit 1000', since);
      const lines = rows.map((row) => row['@message'] ?? '');
      return lines.some((line) => line.includes('"status":"404"')) ? lines : undefined;
    };
    const lines = await deployment.until(ask, 10_000, LIMIT_MS);
    if (!lines) return verdict(false, `no line of a call after ${LIMIT_MS / MINUTE} minutes`);
    const broken = lines.filter((line) => !isObject(line));
    return verdict(broken.length === 0, `${lines.length} lines, ${broken.length} are not JSON objects`);
  },
};

function isObject(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}
