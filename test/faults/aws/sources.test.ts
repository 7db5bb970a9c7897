import { describeOnAws } from '../aws-backend.ts';
import { sourceScenarios } from '../source-scenarios.ts';

describeOnAws(sourceScenarios);
