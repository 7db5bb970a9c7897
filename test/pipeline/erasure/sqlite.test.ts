import { openOnFile } from './backends.ts';
import { describeErasedTenant } from './erased-tenant.ts';

describeErasedTenant('sqlite', openOnFile);
