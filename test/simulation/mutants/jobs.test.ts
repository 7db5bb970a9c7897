import { describeMutants } from './describe-mutants.ts';
import { JOB_MUTANTS } from './jobs.ts';

describeMutants(JOB_MUTANTS);
