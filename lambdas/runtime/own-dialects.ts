import type { DialectDefinition } from '../../lib/dialects/declared/definition.ts';
import { addDialects } from '../../lib/dialects/index.ts';

/** Written into the bundle by the stack (lib/infra/bundled-lambda.ts), which has validated it; absent outside of one. */
declare const POSTRIDER_DIALECTS: Record<string, DialectDefinition> | undefined;

/** Adds the deployment's own dialects, before a function reads an endpoint. */
export function addOwnDialects(): void {
  if (typeof POSTRIDER_DIALECTS !== 'undefined') addDialects(POSTRIDER_DIALECTS);
}
