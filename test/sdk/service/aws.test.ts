import { aws } from '../../e2e/aws.ts';
import { describeSdk } from './suite.ts';

describeSdk(aws);
