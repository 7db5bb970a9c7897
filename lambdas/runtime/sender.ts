import { type ClosableHttpSender, createHttpSender } from '../../lib/adapters/http/http-sender.ts';
import type { Deployment } from './deployment.ts';
import { isIpv4Only } from './settings.ts';
import { urlPolicyOf } from './url-policy.ts';

/**
 * An instance has 1,024 file descriptors ("Lambda quotas"), and an idle connection takes some 100 KB with TLS. An instance
 * with a whole processor opens 250 a second when each request goes to another host, and each is idle for 4 s.
 */
const MAX_IDLE = 256;

/** The only client that talks to customers. */
export function openSender(deployment: Deployment): ClosableHttpSender {
  return createHttpSender({ ...urlPolicyOf(deployment), ipv6: !isIpv4Only(deployment), maxIdle: MAX_IDLE });
}
