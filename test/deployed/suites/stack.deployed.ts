import { describeFanOut } from '../../e2e/fan-out.ts';
import { describeVentryx } from '../../e2e/facades/ventryx.ts';
import { describeVeriswarm } from '../../e2e/facades/veriswarm.ts';
import { describeDialects } from '../../e2e/dialects.ts';
import { describeEndpointSecrets } from '../../e2e/endpoint-secrets.ts';
import { describeMainJob } from '../../e2e/main-job.ts';
import { describeManual } from '../../e2e/manual.ts';
import { describeEventTypes } from '../../e2e/event-types.ts';
import { describeTenants } from '../../e2e/tenants.ts';
import { deployed } from './deployed.ts';
import { describeLoad } from './load.ts';
import { describeOperation } from './operation.ts';
import { describeRareEndpoints } from './rare-endpoints.ts';
import { describeRarePaths } from './rare-paths.ts';
import { describeSecondFactor } from './second-factor.ts';

// In one file, one after the other: they look into the same queues.
describeMainJob(deployed);
describeManual(deployed);
describeFanOut(deployed);
describeDialects(deployed);
describeEndpointSecrets(deployed);
// The emulated gateway decodes a path before it looks for the route, and leaves `%` encoded.
describeEventTypes(deployed);
describeTenants(deployed, 'Müller & Söhne #1');
describeVeriswarm(deployed);
describeVentryx(deployed);
describeRarePaths();
describeRareEndpoints();
describeSecondFactor();
describeLoad();
describeOperation();
