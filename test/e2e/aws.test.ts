import { aws } from './aws.ts';
import { describeFanOut } from './fan-out.ts';
import { describeMainJob } from './main-job.ts';

describeMainJob(aws);
describeFanOut(aws);
