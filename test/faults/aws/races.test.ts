import { awsBackend } from '../aws-backend.ts';
import { describeRaces } from '../races.ts';

describeRaces(awsBackend());
