// Who may call the API.

export const apiKeys = {
  title: 'API keys',
  create: 'New key',
  statuses: { live: 'Live', expired: 'Expired', revoked: 'Revoked' },
  unnamed: 'Without a name',
  may: (scopes: readonly string[]) => scopes.join(', '),
  mayNothing: 'no scopes',
  lastUsed: 'Last used',
  neverUsed: 'Not used yet',
  expires: 'Expires',
  revoked: 'Revoked',
  rotate: 'Rotate…',
  revoke: 'Revoke…',
  empty: {
    title: 'No API keys yet',
    lead: 'A key lets one of your programs call the API. Create one for each program.',
  },
  creating: {
    title: 'New API key',
    name: 'Name',
    nameHint: 'What it is for, such as the program that uses it.',
    scopes: 'What it may do',
    all: 'Everything this session may do',
    some: 'Only some things',
    expires: 'Expires after',
    expiresHint: 'Without a day, it is good until it is revoked.',
    confirm: 'Create key',
  },
  rotating: {
    title: (name: string) => `Rotate ${name}`,
    lead: 'A new key of the same name takes its place. The old one stays good for a while, so that you can change it where it is used.',
    overlap: 'The old key stays good for',
    overlaps: { 0: 'no time', 3600: '1 hour', 86400: '1 day', 604800: '7 days' } as Readonly<Record<number, string>>,
    confirm: 'Rotate',
  },
  revoking: {
    title: (name: string) => `Revoke ${name}?`,
    lead: 'Programs that use it are refused, within ten seconds. It can’t be undone.',
    confirm: 'Revoke',
  },
  shown: {
    title: 'Your new key',
    lead: 'Copy it now and store it where your program reads it. It is shown here once and never again.',
    stored: 'I have stored it',
  },
} as const;
