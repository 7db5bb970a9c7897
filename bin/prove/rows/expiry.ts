import { Skip } from '../deployment.ts';
import { type Proof, verdict } from '../row.ts';

const DAY_SECONDS = 86_400;
/** DynamoDB deletes what has expired within a few days. */
const LATE_DAYS = 4;

export const expiry: Proof = {
  name: 'expiry',
  claim: 'Expired items are deleted, up to some days late',
  async prove(deployment) {
    const table = await deployment.output('LogTableName');
    const { TimeToLiveDescription: ttl } = await deployment.aws(
      'dynamodb',
      'describe-time-to-live',
      '--table-name',
      table,
    );
    const setting = `${ttl.TimeToLiveStatus} on ${ttl.AttributeName}`;
    if (setting !== 'ENABLED on expires_at') return verdict(false, setting);
    if (!deployment.flags.scan) throw new Skip(`${setting}; pass --scan to read the whole log table`);
    const limit = Math.floor(deployment.machine.now() / 1000) - LATE_DAYS * DAY_SECONDS;
    const { Count } = await deployment.aws(
      'dynamodb',
      'scan',
      '--table-name',
      table,
      '--select',
      'COUNT',
      '--filter-expression',
      'expires_at < :limit',
      '--expression-attribute-values',
      JSON.stringify({ ':limit': { N: String(limit) } }),
    );
    return verdict(Count === 0, `${setting}; ${Count} items expired more than ${LATE_DAYS} days ago`);
  },
};
