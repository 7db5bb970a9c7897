import { type Event, eventTime } from '../../domain/event.ts';
import type { Dialect, RenderedRequest } from '../dialect.ts';
import { chat, postOf } from '../message/chat.ts';
import { fit } from '../message/fit.ts';
import { type Fact, wordingOf } from '../message/wording.ts';

/** Discord's limits (Developer documentation: Message resource, Embed limits), in characters. */
const LIMITS = { title: 256, description: 4096, name: 256, value: 1024, fields: 25, footer: 2048, all: 6000 } as const;
/** What the footer and the description take of all: names of projects are at most 255 long, descriptions are ours. */
const FOOTER = 400;
const DESCRIPTION = 300;

/** A message for a webhook of Discord: one embed. */
export function discordDialect(describe: (type: string) => string | undefined): Dialect {
  return {
    ...chat,
    ownsUrl,
    retryAfterIn,
    render: ({ event }) => render(event, describe(event.type)),
  };
}

/** The other two are what people copy in the test builds of its client. */
const HOSTS = new Set(['discord.com', 'discordapp.com', 'ptb.discord.com', 'canary.discord.com']);

/** Of a webhook. */
function ownsUrl({ protocol, host, pathname }: URL): boolean {
  return protocol === 'https:' && HOSTS.has(host) && pathname.startsWith('/api/webhooks/');
}

function render(event: Event, description: string | undefined): RenderedRequest {
  const { title, link, facts, colour } = wordingOf(event, LIMITS.fields);
  const head = {
    title: escaped(title, LIMITS.title),
    ...(description !== undefined && { description: escaped(description, DESCRIPTION) }),
  };
  const footer = escaped(footerOf(event), FOOTER);
  const room = LIMITS.all - head.title.length - (head.description?.length ?? 0) - footer.length;
  const message = {
    embeds: [
      {
        ...head,
        ...(link !== undefined && { url: link }),
        color: colour,
        fields: fieldsWithin(facts, room),
        footer: { text: footer },
        timestamp: new Date(eventTime(event)).toISOString(),
      },
    ],
    allowed_mentions: { parse: [] },
  };
  return postOf(message);
}

/** The project first: it is what people look for. */
function footerOf({ project, type, id }: Event): string {
  const name = project && (project.name ?? project.id).trim();
  return [...(name ? [name] : []), type, id].join(' · ');
}

/** As many as there is room for; the last one is cut. */
function fieldsWithin(facts: readonly Fact[], room: number) {
  const fields: { name: string; value: string; inline: true }[] = [];
  let left = room;
  for (const { label, value } of facts) {
    const name = escaped(label, LIMITS.name);
    left -= name.length;
    if (left < 1) break;
    const text = escaped(value, Math.min(LIMITS.value, left));
    left -= text.length;
    fields.push({ name, value: text, inline: true });
  }
  return fields;
}

/** What begins a mention (Discord: Reference, Message formatting). */
const MENTION = /@(?=everyone|here)|<(?=[@#:/!&a-z])/gi;

/** A space without a width takes the meaning from what would be a mention, and shows the text as it is. */
function escaped(text: string, limit: number): string {
  return fit(text.replaceAll(MENTION, '$&\u200b'), limit);
}

/** A rate limit says in its body how many seconds to wait, with fractions (Discord: Rate limits). */
function retryAfterIn(statusCode: number, body: Uint8Array): string | undefined {
  if (statusCode !== 429) return undefined;
  try {
    const { retry_after: seconds } = JSON.parse(Buffer.from(body).toString('utf8')) as { retry_after?: unknown };
    return typeof seconds === 'number' && seconds >= 0 ? String(Math.ceil(seconds)) : undefined;
  } catch {
    // Not the answer of Discord itself, or more than was read of it.
    return undefined;
  }
}
