import { embedded } from '../../e2e/embedded.ts';
import { describeSdk } from './suite.ts';

describeSdk(embedded);
