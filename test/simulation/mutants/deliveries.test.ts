import { describeMutants } from './describe-mutants.ts';
import { DELIVERY_MUTANTS } from './deliveries.ts';

describeMutants(DELIVERY_MUTANTS);
