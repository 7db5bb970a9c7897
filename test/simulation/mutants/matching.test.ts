import { describeMutants } from './describe-mutants.ts';
import { MATCHING_MUTANTS } from './matching.ts';

describeMutants(MATCHING_MUTANTS);
