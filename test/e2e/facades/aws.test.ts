import { aws } from '../aws.ts';
import { describeVentryx } from './ventryx.ts';
import { describeVeriswarm } from './veriswarm.ts';

describeVeriswarm(aws);
describeVentryx(aws);
