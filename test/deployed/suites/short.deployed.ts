import { describeMainJob } from '../../e2e/main-job.ts';
import { describeOps } from '../../e2e/ops.ts';
import { describePolls } from '../../e2e/polls.ts';
import { describeAlertsTopic } from './alerts-topic.ts';
import { deployed } from './deployed.ts';
import { describeSources } from './sources.ts';

// What each function is for, once: the share for CI.
describeMainJob(deployed);
describePolls(deployed);
describeOps(deployed);
describeSources('Postrider');
describeAlertsTopic('Postrider');
