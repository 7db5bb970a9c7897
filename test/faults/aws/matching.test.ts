import { isLong } from '../../support/extent.ts';
import { awsBackend } from '../aws-backend.ts';
import { describeMatching } from '../matching.ts';

describeMatching(awsBackend(), isLong ? undefined : ['create', '410']);
