import { describeMutants } from './describe-mutants.ts';

describeMutants('alerts');
