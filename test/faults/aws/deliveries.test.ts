import { describeOnAws } from '../aws-backend.ts';
import { deliveryScenarios } from '../delivery-scenarios.ts';
import { fanOutScenarios } from '../fan-out-scenarios.ts';

describeOnAws([...deliveryScenarios, ...fanOutScenarios]);
