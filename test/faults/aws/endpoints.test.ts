import { describeOnAws } from '../aws-backend.ts';
import { endpointScenarios } from '../endpoint-scenarios.ts';

describeOnAws(endpointScenarios);
