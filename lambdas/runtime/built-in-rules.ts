import type { EgressRules } from '../../lib/domain/egress-rules.ts';

/** Where the stack's `egress` lists end up: bundling replaces the name (`lib/infra/bundled-lambda.ts`). */
declare const POSTRIDER_EGRESS_RULES: EgressRules | undefined;

export function builtInRules(): EgressRules {
  return typeof POSTRIDER_EGRESS_RULES === 'undefined' ? {} : POSTRIDER_EGRESS_RULES;
}
