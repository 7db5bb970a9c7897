import type { Row } from './row.ts';
import { accessLog } from './rows/access-log.ts';
import { alarmTells } from './rows/alarm-tells.ts';
import { alertMail } from './rows/alert-mail.ts';
import { coldStart } from './rows/cold-start.ts';
import { consolePage } from './rows/console-page.ts';
import { encodedSlash } from './rows/encoded-slash.ts';
import { expiry } from './rows/expiry.ts';
import { filtersMatch } from './rows/filters-match.ts';
import { functionsStart } from './rows/functions-start.ts';
import { hiddenByUs } from './rows/hidden-by-us.ts';
import { largeBody } from './rows/large-body.ts';
import { load } from './rows/load.ts';
import { longHiding } from './rows/long-hiding.ts';
import { longJob } from './rows/long-job.ts';
import { noChanges } from './rows/no-changes.ts';
import { noDenials } from './rows/no-denials.ts';
import { ownMetrics } from './rows/own-metrics.ts';
import { refusedUnknownKey } from './rows/refused-unknown-key.ts';
import { refusedWithoutKey } from './rows/refused-without-key.ts';
import { revokedKey } from './rows/revoked-key.ts';
import { savedQueries } from './rows/saved-queries.ts';
import { smoke } from './rows/smoke.ts';
import { stackIsWhole } from './rows/stack-is-whole.ts';
import { sweepRuns } from './rows/sweep-runs.ts';

/** Every row of docs/unproven.md, in its order: a test holds the two equal. */
export const ROWS: readonly Row[] = [
  stackIsWhole,
  noChanges,
  functionsStart,
  smoke,
  noDenials,
  {
    claim:
      "Rights to some attributes allow what dispatch, jobs and sweep change, and KMS's rights what they wrap and unwrap",
    why: 'pause an endpoint by the breaker, answer a 410, raise a rate limit, then the row no-denials',
  },
  {
    claim: '`npx cdk destroy` keeps tables, queues and key',
    why: 'it ends the deployment',
  },
  {
    claim: 'A first deployment that fails leaves nothing but the two tables',
    why: 'it takes a stack of its own that fails',
  },
  {
    claim: 'In an account with a quota of 10, the API answers during a backlog',
    why: 'it takes an account with that quota',
  },
  {
    claim: 'The idle cost',
    why: 'it takes a month',
  },
  refusedWithoutKey,
  refusedUnknownKey,
  consolePage,
  revokedKey,
  accessLog,
  {
    claim: 'Throttling answers 429 at the configured rate',
    why: 'it takes a load from elsewhere, such as autocannon',
  },
  largeBody,
  encodedSlash,
  coldStart,
  {
    claim: "A flood of one tenant does not delay another's deliveries (fair queues)",
    why: 'it takes 50,000 events and a receiver',
  },
  {
    claim: "One tenant's flood does not raise `deliveries-age`",
    why: 'the same flood, and a look at CloudWatch',
  },
  {
    claim: 'A redrive of exhausted by AWS means "retry now"',
    why: 'it retries what waits in exhausted',
  },
  hiddenByUs,
  longHiding,
  longJob,
  {
    claim: 'Each event source runs more than one invocation at a time, never more than its maximum concurrency',
    why: 'it takes a load from elsewhere, and a look at CloudWatch',
  },
  {
    claim: 'An endpoint that begins to hang leaves `deliveries` within two of its answers, and `slow` bounds it',
    why: 'it takes a receiver that hangs',
  },
  {
    claim: 'With static source addresses, 1,000 new connections a second of an interface find their hosts',
    why: 'it takes a thousand hosts',
  },
  {
    claim:
      'With static source addresses, requests come from them, and Lambda accepts the denial of interface rights to its code',
    why: 'it takes a receiver that prints its client’s address',
  },
  {
    claim: 'Success path: 2 write units, 3 with a key (usage apart), none in indexes',
    why: 'it takes 1,000 events and a look at CloudWatch',
  },
  {
    claim: 'Success path: 3 read units in dispatch for a delivery alone in its batch',
    why: 'it takes 1,000 events, one a second, and a look at CloudWatch',
  },
  load,
  {
    claim: 'A replica rarely lacks the event of a first attempt: fewer than one in four',
    why: 'it takes traffic and a look at CloudWatch',
  },
  expiry,
  {
    claim: 'An index lags by less than the 20 minutes that sweep allows',
    why: 'it takes load, and a look at the log of sweep',
  },
  {
    claim: '4 shards are enough for the largest load of one tenant',
    why: 'it takes the largest load of one tenant',
  },
  {
    claim: 'A tenant with millions of deliveries is erased within hours',
    why: 'it takes such a tenant',
  },
  alertMail,
  alarmTells,
  filtersMatch,
  {
    claim: "Lambda reads the level of Postrider's lines",
    why: 'it hides lines of the log meanwhile',
  },
  {
    claim: 'A partial batch failure raises `faults`',
    why: 'it disables the key for a quarter of an hour',
  },
  sweepRuns,
  {
    claim: 'A restored table works',
    why: 'it makes a table that costs money',
  },
  ownMetrics,
  savedQueries,
  {
    claim: 'The dashboard shows something in every widget',
    why: 'somebody has to look at it',
  },
];
