import { aws } from '../../e2e/aws.ts';
import { describeListening } from './suite.ts';

describeListening(aws);
