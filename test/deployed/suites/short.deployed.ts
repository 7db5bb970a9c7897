import { describeMainJob } from '../../e2e/main-job.ts';
import { describeOps } from '../../e2e/ops.ts';
import { describePolls } from '../../e2e/polls.ts';
import { deployed } from './deployed.ts';

// What each function is for, once: the share for CI.
describeMainJob(deployed);
describePolls(deployed);
describeOps(deployed);
