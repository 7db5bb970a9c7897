// Who changed what.

export const audit = {
  title: 'Audit log',
  anyOutcome: 'Any outcome',
  outcomes: { done: 'Done', refused: 'Refused', failed: 'Failed', unknown: 'Not known' },
  action: 'Action, such as endpoints.create',
  target: 'Id of what it was done to',
  by: (who: string) => `by ${who}`,
  from: (address: string) => `from ${address}`,
  on: 'on',
  request: 'Request',
  empty: {
    title: 'No changes yet',
    lead: 'Every change made through the API or this page is listed here for 400 days.',
  },
  noMatch: { title: 'Nothing matches', lead: 'No change has this action, target and outcome.' },
} as const;
