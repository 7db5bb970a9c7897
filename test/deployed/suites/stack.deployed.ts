import { describeVentryx } from '../../e2e/facades/ventryx.ts';
import { describeVeriswarm } from '../../e2e/facades/veriswarm.ts';
import { describeEverySuite } from '../../e2e/every-suite.ts';
import { deployed } from './deployed.ts';
import { describeOperation } from './operation.ts';
import { describeRareEndpoints } from './rare-endpoints.ts';
import { describeRarePaths } from './rare-paths.ts';
import { describeSecondFactor } from './second-factor.ts';
import { describeTenantEnd } from './tenant-end.ts';

// In one file, one after the other: they look into the same queues.
describeEverySuite(deployed);
describeVeriswarm(deployed);
describeVentryx(deployed);
describeRarePaths();
describeRareEndpoints();
describeSecondFactor();
describeTenantEnd();
describeOperation();
