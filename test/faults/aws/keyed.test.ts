import { describeOnAws } from '../aws-backend.ts';
import { keyedScenarios } from '../keyed-scenarios.ts';

describeOnAws(keyedScenarios);
