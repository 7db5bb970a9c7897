import { describeMutants } from './describe-mutants.ts';
import { KEYED_MUTANTS } from './keyed.ts';

describeMutants(KEYED_MUTANTS);
