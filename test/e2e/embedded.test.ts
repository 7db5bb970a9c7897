import { describeManual } from './manual.ts';
import { embedded } from './embedded.ts';
import { describeDialects } from './dialects.ts';
import { describeEndpointSecrets } from './endpoint-secrets.ts';
import { describeFanOut } from './fan-out.ts';
import { describeEventTypes } from './event-types.ts';
import { describeFilters } from './filters.ts';
import { describeTenants } from './tenants.ts';
import { describeMainJob } from './main-job.ts';

describeMainJob(embedded);
describeFanOut(embedded);
describeDialects(embedded);
describeManual(embedded);
describeTenants(embedded);
describeEndpointSecrets(embedded);
describeEventTypes(embedded);
describeFilters(embedded);
