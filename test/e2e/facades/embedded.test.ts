import { embedded } from '../embedded.ts';
import { describeVentryx } from './ventryx.ts';
import { describeVeriswarm } from './veriswarm.ts';

describeVeriswarm(embedded);
describeVentryx(embedded);
