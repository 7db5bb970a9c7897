import { describeByHand } from './by-hand.ts';
import { embedded } from './embedded.ts';
import { describeMainJob } from './main-job.ts';

describeMainJob(embedded);
describeByHand(embedded);
