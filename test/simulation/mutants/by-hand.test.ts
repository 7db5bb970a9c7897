import { describeMutants } from './describe-mutants.ts';
import { BY_HAND_MUTANTS } from './by-hand.ts';

describeMutants(BY_HAND_MUTANTS);
