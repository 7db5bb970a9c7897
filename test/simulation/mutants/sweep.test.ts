import { describeMutants } from './describe-mutants.ts';
import { SWEEP_MUTANTS } from './sweep.ts';

describeMutants(SWEEP_MUTANTS);
