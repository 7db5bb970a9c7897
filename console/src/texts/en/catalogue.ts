// The catalogue of event types, and how to verify what arrives.

export const catalogue = {
  title: 'Event types',
  search: 'Search type, category or description',
  other: 'Other',
  deprecated: 'Deprecated',
  deprecatedLead: 'Don’t subscribe to it any more.',
  noDescription: 'No description',
  ofPlatform: 'Of the platform',
  tabs: { example: 'Example', schema: 'Schema', request: 'What arrives' },
  noSchema: 'It has no schema: its data can be anything.',
  noExample: 'It has no example.',
  verify: 'Verify that it came from here',
  verifyLead:
    'Whoever knows your URL can post to it. Check the signature before you trust a request, over the bytes of the body as they came.',
  dialect: 'Sent as',
  language: 'Language',
  noSignature: 'These requests are not signed: they go to a chat, whose URL is the secret.',
  ownDialect: 'This deployment signs in its own way. Its documentation says how to verify that.',
  empty: {
    title: 'The catalogue is empty',
    lead: 'The catalogue gives event types a description, a schema and an example. Events of other types can be posted all the same.',
  },
  noMatch: { title: 'No type matches', lead: 'None has this in its name, category or description.' },
} as const;
