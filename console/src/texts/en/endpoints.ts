// The list of endpoints.

import { plural } from '../plural.ts';

export const endpoints = {
  title: 'Endpoints',
  create: 'New endpoint',
  search: 'Search label or URL',
  anyStatus: 'Any status',
  anyEvent: 'Any event type',
  everyEvent: 'Every event',
  dialects: {
    standard: 'Standard Webhooks',
    slack: 'Slack message',
    discord: 'Discord message',
    vellum: 'Vellum',
    vem: 'VEM',
    ventryx: 'Ventryx',
    veriswarm: 'VeriSwarm',
  } as Readonly<Record<string, string>>,
  polled: 'Polled endpoint',
  polledWhere: 'Your server asks for its deliveries.',
  noAnswerYet: 'No request yet',
  noAnswer: 'No answer',
  inARow: (failures: number) => `${failures} in a row`,
  /** Of the chart, which shows the newest deliveries one by one. */
  chart: (shown: number, delivered: number) =>
    shown === 0
      ? 'No delivery yet'
      : `The newest ${shown} ${plural(shown, 'delivery', 'deliveries')}: ${delivered} delivered, ${shown - delivered} not`,
  enabled: (name: string) => `${name} is enabled`,
  held: (count: number, isCapped: boolean) =>
    `${count}${isCapped ? '+' : ''} ${plural(count, 'delivery is', 'deliveries are')} held; nothing is lost.`,
  noneHeld: 'Nothing is held yet. New events are held, and nothing is lost.',
  probing: 'We try again by ourselves, and resume when it answers.',
  waitsForYou: 'It stays paused until somebody resumes it.',
  reactivate: 'Re-activate…',
  reactivation: {
    title: (name: string) => `Re-activate ${name}`,
    lead: 'What should happen to the deliveries that were held?',
    release: 'Send them',
    releaseHint: 'Oldest first, at a moderate rate. New events are sent at once.',
    discard: 'Discard them',
    discardHint: 'They are given up. They stay in the history, where you can retry each one.',
    confirm: 'Re-activate',
  },
  disabling: {
    title: (name: string) => `Disable ${name}?`,
    lead: 'It gets no more events. Deliveries that wait or are held are given up.',
    instead: 'Pause it instead to keep new events until you resume it.',
    pause: 'Pause',
    confirm: 'Disable',
  },
  empty: {
    title: 'No endpoints yet',
    lead: 'An endpoint is a URL of yours that gets events as they happen. Create the first one:',
  },
  noMatch: { title: 'No endpoint matches', lead: 'None has this label, URL, status or event type.' },
} as const;
