import { describeAlertMail } from './alert-mail.ts';
import { describeAlerts } from './alerts.ts';
import type { Backend } from './backend.ts';
import { describeDialects } from './dialects.ts';
import { describeEndpointLists } from './endpoint-lists.ts';
import { describeEndpointSecrets } from './endpoint-secrets.ts';
import { describeEndpointTests } from './endpoint-tests.ts';
import { describeEventTypes } from './event-types.ts';
import { describeFanOut } from './fan-out.ts';
import { describeFilters } from './filters.ts';
import { describeMainJob } from './main-job.ts';
import { describeManual } from './manual.ts';
import { describeOps } from './ops.ts';
import { describePolls } from './polls.ts';
import { describePortal } from './portal.ts';
import { describeTenants } from './tenants.ts';

/** What holds on every backend, deployed ones too. */
export function describeEverySuite(backend: Backend): void {
  describeMainJob(backend);
  describeFanOut(backend);
  describeDialects(backend);
  describeManual(backend);
  describeTenants(backend);
  describeEndpointSecrets(backend);
  describeEventTypes(backend);
  describeFilters(backend);
  describeEndpointTests(backend);
  describeEndpointLists(backend);
  describePolls(backend);
  describePortal(backend);
  describeOps(backend);
  describeAlertMail(backend);
  describeAlerts(backend);
}
