// Who is told what happens to endpoints.

export const alerts = {
  title: 'Alerts',
  lead: 'When an endpoint is paused, resumed or disabled, or deliveries to it have used all their attempts, the endpoints below are sent an event. Give alerts a server of their own: one that fails can’t be told that it fails.',
  told: 'Who is told',
  alerts: 'What was told',
  create: 'New endpoint for alerts',
  nobody: {
    title: 'Nobody is told',
    lead: 'Operational events go only to endpoints that ask for them by name; an endpoint that asks for everything doesn’t get them.',
  },
  none: { title: 'No alerts', lead: 'Nothing was told so far.' },
  gone: 'Its payload was deleted',
  paused: 'Paused by a person',
  pausedByBreaker: 'Paused after too many failures',
  resumed: 'Active again',
  disabled: 'Disabled by a person',
  disabledAsGone: 'Disabled: its server answered 410',
  exhausted: (count: number, hasMore: boolean) =>
    count === 1 && !hasMore ? '1 delivery given up' : `${count}${hasMore ? '+' : ''} deliveries given up`,
} as const;
