import { describeOnAws } from '../aws-backend.ts';
import { sweepScenarios } from '../sweep-scenarios.ts';

describeOnAws(sweepScenarios);
