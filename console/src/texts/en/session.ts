// What the page says when there is no session.

export const session = {
  starting: 'Opening your session',
  'no-link': {
    title: 'Open this page by its link',
    lead: 'A link signs you in once, for an hour. Nothing is kept in the browser, so reloading the page ends the session.',
    how: 'Where Postrider runs, this makes a new one:',
  },
  'bad-link': {
    title: 'This link was used or has expired',
    lead: 'A link works once, and only for a short time. Ask for a new one where you found it.',
    how: 'Where Postrider runs, this makes a new one:',
  },
  failed: {
    title: 'The session could not be opened',
    lead: 'The service could not be reached, or failed. The link may still be good: open it again.',
    how: 'Where Postrider runs, this makes a new one:',
  },
  ended: {
    title: 'Your session has ended',
    lead: 'It expired, or somebody ended it. Nothing was lost. Open a new link to go on.',
    how: 'Where Postrider runs, this makes a new one:',
  },
  left: {
    title: 'You have signed out',
    lead: 'The session is gone from this page and from the service.',
    how: 'Where Postrider runs, this makes a new link:',
  },
  command: 'npm run open',
} as const;
