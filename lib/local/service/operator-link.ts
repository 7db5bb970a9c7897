import { hashApiKey } from '../../api/auth/api-key.ts';
import { linkOf, makeSession } from '../../api/auth/make-session.ts';
import { SCOPES } from '../../api/auth/scopes.ts';
import { SESSION_TIMES } from '../../domain/portal-session.ts';
import type { Ports } from '../../ports/ports.ts';

type LinkPorts = Pick<Ports, 'apiKeys' | 'sessions' | 'tenants' | 'clock' | 'random'>;

/**
 * A link for whoever started the service: it may do what the platform key may, which stands beside the data in clear. It is
 * printed on a terminal, where nobody clicks within a minute.
 */
export async function operatorLink(ports: LinkPorts, apiKey: string, consoleUrl: string): Promise<string> {
  const key = await ports.apiKeys.find(hashApiKey(apiKey));
  const { code } = await makeSession(ports, {
    user: 'operator',
    access: 'manage',
    maker: { id: key?.id ?? '', scopes: SCOPES, keyHash: key?.hash },
    codeMs: SESSION_TIMES.printedCode,
  });
  return linkOf(consoleUrl, code);
}
