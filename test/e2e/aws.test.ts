import { aws } from './aws.ts';
import { describeMainJob } from './main-job.ts';

describeMainJob(aws);
