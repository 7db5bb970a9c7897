import { aws } from './aws.ts';
import { describeEverySuite } from './every-suite.ts';

describeEverySuite(aws);
