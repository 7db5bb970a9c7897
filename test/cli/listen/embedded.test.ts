import { embedded } from '../../e2e/embedded.ts';
import { describeListening } from './suite.ts';

describeListening(embedded);
