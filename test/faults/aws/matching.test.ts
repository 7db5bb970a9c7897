import { awsBackend } from '../aws-backend.ts';
import { describeMatching } from '../matching.ts';

describeMatching(awsBackend());
