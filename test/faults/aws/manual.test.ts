import { describeOnAws } from '../aws-backend.ts';
import { manualScenarios } from '../manual-scenarios.ts';

describeOnAws(manualScenarios);
