import { type Event, eventTime } from '../../domain/event.ts';
import type { Dialect, RenderedRequest } from '../dialect.ts';
import { chat, postOf } from '../message/chat.ts';
import { fit } from '../message/fit.ts';
import { type Fact, wordingOf } from '../message/wording.ts';

/** Slack's limits (Reference: Block Kit), in characters; below `label` they are ours. */
const LIMITS = { header: 150, text: 3000, field: 2000, fields: 10, label: 100, part: 300 } as const;
/** What stands around a field's label: `*…*` and a line break. */
const AROUND_LABEL = 3;

/** A message for an incoming webhook of Slack. */
export function slackDialect(describe: (type: string) => string | undefined): Dialect {
  return {
    ...chat,
    ownsUrl,
    render: ({ event }) => render(event, describe(event.type) ?? event.type),
  };
}

/** Of an incoming webhook. */
function ownsUrl({ protocol, host, pathname }: URL): boolean {
  return protocol === 'https:' && host === 'hooks.slack.com' && pathname.startsWith('/services/');
}

/** A header, and below it, beside a bar in the colour of the outcome, what there is to say and a button to see it. */
function render(event: Event, description: string): RenderedRequest {
  const { title, link, facts, colour } = wordingOf(event, LIMITS.fields);
  const text = escaped(title, LIMITS.text);
  const message = {
    text,
    blocks: [{ type: 'header', text: { type: 'plain_text', text: escaped(title, LIMITS.header) } }],
    attachments: [
      {
        color: `#${colour.toString(16).padStart(6, '0')}`,
        fallback: text,
        blocks: [sectionOf(description, facts), contextOf(event), ...(link === undefined ? [] : [actionsOf(link)])],
      },
    ],
  };
  return postOf(message);
}

function sectionOf(description: string, facts: readonly Fact[]) {
  const fields = facts.map(({ label, value }) => {
    const name = escaped(label, LIMITS.label);
    return mrkdwn(`*${name}*\n${escaped(value, LIMITS.field - name.length - AROUND_LABEL)}`);
  });
  const text = mrkdwn(escaped(description, LIMITS.text));
  return { type: 'section', text, ...(fields.length > 0 && { fields }) };
}

function contextOf(event: Event) {
  const project = event.project && (event.project.name ?? event.project.id).trim();
  const parts = [project || undefined, event.type, new Date(eventTime(event)).toISOString(), event.id];
  const said = parts.filter((part) => part !== undefined);
  return { type: 'context', elements: said.map((part) => mrkdwn(escaped(part, LIMITS.part))) };
}

function actionsOf(url: string) {
  return { type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'Open' }, url }] };
}

function mrkdwn(text: string) {
  return { type: 'mrkdwn', text };
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** With the characters that make mentions and links escaped (Slack: Formatting text for app surfaces). */
function escaped(text: string, limit: number): string {
  return fit(text, limit, (character) => ESCAPES[character] ?? character);
}
