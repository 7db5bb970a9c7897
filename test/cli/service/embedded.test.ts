import { embedded } from '../../e2e/embedded.ts';
import { describeCli } from './suite.ts';

describeCli(embedded);
