const DISCORD_HOSTS = new Set(['discord.com', 'discordapp.com']);

/**
 * The chat whose incoming webhook a URL is: it understands its own messages and nothing else, so the URL decides before
 * the dialect that an endpoint was given.
 */
export function recognisedByUrl(url: string): 'slack' | 'discord' | undefined {
  const { protocol, host, pathname } = URL.parse(url) ?? {};
  if (protocol !== 'https:' || host === undefined || pathname === undefined) return undefined;
  if (host === 'hooks.slack.com' && pathname.startsWith('/services/')) return 'slack';
  return DISCORD_HOSTS.has(host) && pathname.startsWith('/api/webhooks/') ? 'discord' : undefined;
}
