import type { Dialect } from '@postrider/sdk';
import type { FormValues } from './values.ts';

/** Are requests of its dialect signed only with a secret that the customer gives? */
export function hasOwnSecret({ dialect, url }: FormValues, dialects: readonly Dialect[]): boolean {
  return chatOf(url) === undefined && dialects.find(({ name }) => name === dialect)?.signature === 'own_secret';
}

/**
 * The secret that the form gives, and nothing that it has ceased to show. An empty one is refused by the service: an
 * endpoint whose switch is on must not be made without signatures.
 */
export function secretOf(values: FormValues, dialects: readonly Dialect[]): string | undefined {
  const { hmac, ownSecret } = values;
  if (hasOwnSecret(values, dialects)) return hmac ? ownSecret : undefined;
  return ownSecret || undefined;
}

const DISCORD = new Set(['discord.com', 'discordapp.com', 'ptb.discord.com', 'canary.discord.com']);

/** What tells a chat by its URL, while it is typed. The service decides, by the same rule. */
export function chatOf(url: string): 'slack' | 'discord' | undefined {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== 'https:') return undefined;
  const { host, pathname } = parsed;
  if (host === 'hooks.slack.com' && pathname.startsWith('/services/')) return 'slack';
  return DISCORD.has(host) && pathname.startsWith('/api/webhooks/') ? 'discord' : undefined;
}
