import { describeMutants } from './describe-mutants.ts';
import { ENDPOINT_MUTANTS } from './endpoints.ts';

describeMutants(ENDPOINT_MUTANTS);
