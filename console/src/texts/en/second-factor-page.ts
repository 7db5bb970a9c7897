// The page on which a second factor is switched on and off.

export const secondFactorPage = {
  title: 'Second factor',
  status: { off: 'Off', pending: 'Not confirmed', on: 'On' },
  off: 'Sensitive calls, such as those for API keys, retries and secrets, now need only a key or this page. With a second factor, each of them also asks for a code from an authenticator app.',
  required: 'This deployment refuses sensitive calls until you have one.',
  pending: 'The set-up was started and never confirmed. Start again.',
  on: (left: number) => `Sensitive calls ask for a code. ${left} of ten recovery codes are left.`,
  locked: 'Too many wrong codes: no code is accepted until',
  begin: 'Switch it on',
  step1: 'Add it to your authenticator app',
  scan: 'Scan this with the app:',
  qr: 'QR code for the authenticator app',
  orType: 'Or type this secret into it:',
  step2: 'Enter the code that the app shows',
  code: 'Code of six digits',
  confirm: 'Confirm',
  codes: {
    title: 'Your recovery codes',
    lead: 'Each works once, in place of a code, when you don’t have the app at hand. Store them where you store passwords. They are shown here once and never again.',
    stored: 'I have stored them',
  },
  replace: 'New recovery codes…',
  replacing: { title: 'Make new recovery codes?', lead: 'The old ones end at once.', confirm: 'Make new codes' },
  disable: 'Switch it off…',
  disabling: {
    title: 'Switch off the second factor?',
    lead: 'Whoever has a key or a link to this page can then make sensitive calls.',
    confirm: 'Switch it off',
  },
} as const;
