import { openOnFile } from '../../support/dumped-world.ts';
import { describeErasedTenant } from './erased-tenant.ts';

describeErasedTenant('sqlite', openOnFile);
