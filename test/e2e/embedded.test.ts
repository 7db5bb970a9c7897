import { describeByHand } from './by-hand.ts';
import { embedded } from './embedded.ts';
import { describeFanOut } from './fan-out.ts';
import { describeMainJob } from './main-job.ts';

describeMainJob(embedded);
describeFanOut(embedded);
describeByHand(embedded);
