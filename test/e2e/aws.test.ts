import { aws } from './aws.ts';
import { describeByHand } from './by-hand.ts';
import { describeFanOut } from './fan-out.ts';
import { describeMainJob } from './main-job.ts';

describeMainJob(aws);
describeByHand(aws);
describeFanOut(aws);
