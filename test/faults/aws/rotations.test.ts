import { awsBackend } from '../aws-backend.ts';
import { describeRotations } from '../rotations.ts';

describeRotations(awsBackend());
