import { describeMutants } from './describe-mutants.ts';
import { MANUAL_MUTANTS } from './manual.ts';

describeMutants(MANUAL_MUTANTS);
