import { aws } from '../../e2e/aws.ts';
import { describeCli } from './suite.ts';

describeCli(aws);
