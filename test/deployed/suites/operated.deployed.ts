import { describeAlertsTopic } from './alerts-topic.ts';
import { describeOperation } from './operation.ts';
import { describeRareEndpoints } from './rare-endpoints.ts';
import { describeRarePaths } from './rare-paths.ts';
import { describeSecondFactor } from './second-factor.ts';
import { describeSources } from './sources.ts';
import { describeTenantEnd } from './tenant-end.ts';

// In one file, one after the other: they look into the same queues.
describeRarePaths();
describeRareEndpoints();
describeSecondFactor();
describeTenantEnd();
describeSources('Operated');
describeAlertsTopic('Operated');
describeOperation();
