import { describeOnAws } from '../aws-backend.ts';
import { tenantScenarios } from '../tenant-scenarios.ts';

describeOnAws(tenantScenarios);
