import { alertScenarios } from '../alert-scenarios.ts';
import { describeOnAws } from '../aws-backend.ts';

describeOnAws(alertScenarios);
