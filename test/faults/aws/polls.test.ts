import { describeOnAws } from '../aws-backend.ts';
import { pollScenarios } from '../poll-scenarios.ts';

describeOnAws(pollScenarios);
