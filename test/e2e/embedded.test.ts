import { embedded } from './embedded.ts';
import { describeEverySuite } from './every-suite.ts';

describeEverySuite(embedded);
