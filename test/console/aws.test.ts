import { awsWithConsole } from './support/backends.ts';
import { describeConsole } from './every-suite.ts';

describeConsole(awsWithConsole);
