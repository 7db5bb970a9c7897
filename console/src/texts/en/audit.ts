// Who changed what.

export const audit = {
  title: 'Audit log',
  anyOutcome: 'However it ended',
  outcomes: { done: 'Done', refused: 'Refused', failed: 'Failed', unknown: 'Not known' },
  action: 'Action, such as endpoints.create',
  target: 'Id of what it was done to',
  by: (who: string) => `by ${who}`,
  from: (address: string) => `from ${address}`,
  on: 'on',
  request: 'Request',
  empty: {
    title: 'Nothing was changed yet',
    lead: 'Each change by the API or this page is a line here, for 400 days.',
  },
  noMatch: { title: 'No line matches', lead: 'None has this action, target and outcome.' },
} as const;
