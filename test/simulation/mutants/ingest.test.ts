import { describeMutants } from './describe-mutants.ts';
import { INGEST_MUTANTS } from './ingest.ts';

describeMutants(INGEST_MUTANTS);
