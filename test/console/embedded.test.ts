import { embeddedWithConsole } from './support/backends.ts';
import { describeConsole } from './every-suite.ts';

describeConsole(embeddedWithConsole);
