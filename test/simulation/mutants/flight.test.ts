import { describeMutants } from './describe-mutants.ts';
import { FLIGHT_MUTANTS } from './flight.ts';

describeMutants(FLIGHT_MUTANTS);
