import { describeVentryx } from '../../e2e/facades/ventryx.ts';
import { describeVeriswarm } from '../../e2e/facades/veriswarm.ts';
import { describeEverySuite } from '../../e2e/every-suite.ts';
import { deployed } from './deployed.ts';

// In one file, one after the other: they look into the same queues.
describeEverySuite(deployed);
describeVeriswarm(deployed);
describeVentryx(deployed);
