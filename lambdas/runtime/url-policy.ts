import { readEgressRules } from '../../lib/domain/egress-rules.ts';
import { STRICT_POLICY, type UrlPolicy } from '../../lib/domain/url-policy.ts';
import { builtInRules } from './built-in-rules.ts';
import type { Deployment } from './deployment.ts';

/**
 * Which addresses may be sent to: over HTTPS, public ones only. No environment variable reaches it, so that no change of a
 * deployed function's configuration can open the network it runs in: the operator's lists are in its code.
 */
export function urlPolicyOf({ urlPolicy }: Pick<Deployment, 'urlPolicy'>): UrlPolicy {
  return urlPolicy ?? { ...STRICT_POLICY, ...readEgressRules(builtInRules()) };
}
