import { aws } from './aws.ts';
import { describeManual } from './manual.ts';
import { describeDialects } from './dialects.ts';
import { describeEndpointSecrets } from './endpoint-secrets.ts';
import { describeFanOut } from './fan-out.ts';
import { describeEventTypes } from './event-types.ts';
import { describeFilters } from './filters.ts';
import { describeTenants } from './tenants.ts';
import { describeMainJob } from './main-job.ts';

describeMainJob(aws);
describeManual(aws);
describeFanOut(aws);
describeDialects(aws);
describeTenants(aws);
describeEndpointSecrets(aws);
describeEventTypes(aws);
describeFilters(aws);
