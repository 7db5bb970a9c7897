import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entriesOf } from '../../lib/dialects/catalogue.ts';
import { dialectNamed, dialectNameOf, dialects } from '../../lib/dialects/index.ts';
import type { Event } from '../../lib/domain/event.ts';
import { goldenInput } from './render-inputs.ts';

interface SlackText {
  type: string;
  text: string;
}
interface SlackBlock {
  type: string;
  text?: SlackText;
  fields?: SlackText[];
  elements?: { type: string; text: string | SlackText; url?: string }[];
}
interface SlackMessage {
  text: string;
  blocks: SlackBlock[];
  attachments: { color: string; fallback: string; blocks: SlackBlock[] }[];
}
interface Embed {
  title: string;
  description?: string;
  url?: string;
  color: number;
  fields: { name: string; value: string; inline: boolean }[];
  footer: { text: string };
  timestamp: string;
}
interface DiscordMessage {
  embeds: [Embed];
  allowed_mentions: object;
}

async function render<T>(dialect: 'slack' | 'discord', type: string, more: Partial<Event> = {}): Promise<T> {
  const { headers, body } = await dialectNamed(dialect).render(goldenInput(type, [], more));
  expect(headers).toEqual({ 'content-type': 'application/json' });
  return JSON.parse(Buffer.from(body).toString('utf8')) as T;
}

const slackBlocks = ({ blocks, attachments }: SlackMessage) => [...blocks, ...attachments.flatMap((one) => one.blocks)];

/** Every text that has come from data: all strings but those that a chat reads as its own words. */
function textsOf(value: unknown, name = ''): string[] {
  if (typeof value === 'string') return ['type', 'url', 'color', 'timestamp'].includes(name) ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([inner, member]) => textsOf(member, inner));
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 50 }),
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc.constantFrom('<!channel>', '<@U123>', '@everyone', '@here', '<#C1|x>', '<https://x|y>', '&lt;!here&gt;', '', ' '),
  fc
    .constantFrom('&', '<', '>', '😀', '@everyone', 'x')
    .chain((piece) => fc.nat(6000).map((count) => piece.repeat(count))),
);
const clean = text.map((value) => value.toWellFormed());
const data = fc.oneof(
  fc.dictionary(fc.oneof(clean, fc.constantFrom('url', 'title', 'status', 'name')), fc.jsonValue({ maxDepth: 3 }), {
    maxKeys: 40,
  }),
  fc.dictionary(clean, clean, { maxKeys: 40 }),
  fc.record({ url: fc.oneof(fc.webUrl(), clean), title: clean, status: clean, more: fc.array(clean) }),
  fc.jsonValue(),
);
const project = fc.option(
  fc.record({
    id: clean.map((id) => id.slice(0, 128).toWellFormed() || 'p'),
    name: clean.map((name) => name.slice(0, 255).toWellFormed()),
  }),
  {
    nil: undefined,
  },
);
const type = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}(\.[A-Za-z0-9_-]{1,20}){0,4}$/);
const event = fc.record({ type, data: data.map((value) => JSON.stringify(value)), project });

const withoutProject = ({ project: given, ...rest }: { data: string; project?: Event['project'] | undefined }) => ({
  ...rest,
  ...(given && { project: given }),
});

describe('slack: whatever an event has in it', () => {
  test('no limit is passed, nothing is empty, and nothing of it is a mention or a link', async () => {
    await fc.assert(
      fc.asyncProperty(event, async ({ type: of, ...more }) => {
        const message = await render<SlackMessage>('slack', of, withoutProject(more));
        const blocks = slackBlocks(message);
        expect(blocks.length).toBeLessThanOrEqual(50);
        for (const block of blocks) {
          const most = block.type === 'header' ? 150 : 3000;
          if (block.text) expect(block.text.text.length).toBeLessThanOrEqual(most);
          expect(block.fields?.length ?? 1).toBeLessThanOrEqual(10);
          for (const field of block.fields ?? []) expect(field.text.length).toBeLessThanOrEqual(2000);
          expect(block.elements?.length ?? 1).toBeLessThanOrEqual(10);
          for (const { url } of block.elements ?? [])
            if (url !== undefined) expect(url).toMatch(/^https?:\/\/[^<>]{1,3000}$/);
        }
        for (const one of textsOf(message)) {
          expect(one.trim()).not.toBe('');
          expect(one).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
          expect(one.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });

  test('the bytes are valid JSON in UTF-8, whatever an event has in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        event,
        fc.constantFrom('slack' as const, 'discord' as const),
        async ({ type: of, ...more }, dialect) => {
          const { body } = await dialectNamed(dialect).render(goldenInput(of, [], withoutProject(more)));
          JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
        },
      ),
      { numRuns: 200 },
    );
  });
});

test('discord: whatever an event has in it, no limit is passed, nothing is empty, and nothing of it is a mention', async () => {
  await fc.assert(
    fc.asyncProperty(event, async ({ type: of, ...more }) => {
      const message = await render<DiscordMessage>('discord', of, withoutProject(more));
      const [{ title, description = '', fields, footer, url }] = message.embeds;
      expect(message.allowed_mentions).toEqual({ parse: [] });
      expect(title.length).toBeLessThanOrEqual(256);
      expect(description.length).toBeLessThanOrEqual(4096);
      expect(footer.text.length).toBeLessThanOrEqual(2048);
      expect(fields.length).toBeLessThanOrEqual(25);
      for (const { name, value } of fields) {
        expect(name.length).toBeLessThanOrEqual(256);
        expect(value.length).toBeLessThanOrEqual(1024);
      }
      const all = [title, description, footer.text, ...fields.flatMap(({ name, value }) => [name, value])];
      expect(all.join('').length).toBeLessThanOrEqual(6000);
      if (url !== undefined) expect(url).toMatch(/^https?:\/\/.{1,2040}$/);
      for (const one of textsOf(message)) {
        expect(one.trim()).not.toBe('');
        expect(one).not.toMatch(/@(everyone|here)|<[@#:/!&a-z]/i);
        expect(one.isWellFormed()).toBe(true);
      }
    }),
    { numRuns: 400 },
  );
});

const DOCUMENTED = Object.entries(dialects).flatMap(([dialect, { catalogue }]) =>
  entriesOf(catalogue).flatMap(({ type: of, alias, description }) =>
    [of, ...(alias === undefined ? [] : [alias])].map((name) => ({ dialect, name, description })),
  ),
);

test('the four catalogues are all there', () => {
  const counts = Object.entries(dialects).map(([name, { catalogue }]) => [name, entriesOf(catalogue).length]);
  expect(Object.fromEntries(counts)).toMatchObject({ vem: 12, veriswarm: 16, vellum: 6, ventryx: 3 });
});

describe('each documented type has a message of its own', () => {
  test.each(DOCUMENTED)('$name', async ({ name, description }) => {
    const slack = await render<SlackMessage>('slack', name);
    const [header, section] = slackBlocks(slack);
    expect(header?.text?.text).toMatch(/^[A-Z][A-Za-z ]+: Implement authentication$/);
    expect(section?.text?.text).toBe(description);
    const [embed] = (await render<DiscordMessage>('discord', name)).embeds;
    expect(embed).toMatchObject({ title: header?.text?.text, description });
  });

  test('and no two of them have the same title', async () => {
    const types = entriesOf(Object.values(dialects).flatMap(({ catalogue }) => catalogue));
    const titles = await Promise.all(types.map(async ({ type: of }) => (await render<SlackMessage>('slack', of)).text));
    expect(new Set(titles).size).toBe(titles.length);
  });
});

const PROJECT = { project: { id: 'proj_xyz789', name: 'R&D <one>' } };

test('slack: a task reads as a team expects it', async () => {
  expect(await render<SlackMessage>('slack', 'task.completed', PROJECT)).toEqual({
    text: 'Task completed: Implement authentication',
    blocks: [{ type: 'header', text: { type: 'plain_text', text: 'Task completed: Implement authentication' } }],
    attachments: [
      {
        color: '#2eb67d',
        fallback: 'Task completed: Implement authentication',
        blocks: [
          {
            type: 'section',
            text: { type: 'mrkdwn', text: 'A task was completed' },
            fields: [
              { type: 'mrkdwn', text: '*Project*\nR&amp;D &lt;one&gt;' },
              { type: 'mrkdwn', text: '*Status*\ndone' },
              { type: 'mrkdwn', text: '*Task ID*\nTASK-001' },
              { type: 'mrkdwn', text: '*Evidence*\npnpm test passed' },
            ],
          },
          {
            type: 'context',
            elements: [
              'R&amp;D &lt;one&gt;',
              'task.completed',
              '2026-02-06T12:00:00.345Z',
              'evt_01KGSA0000E8MZXV5RYCA3QHT7',
            ].map((one) => ({ type: 'mrkdwn', text: one })),
          },
          {
            type: 'actions',
            elements: [
              {
                type: 'button',
                text: { type: 'plain_text', text: 'Open' },
                url: 'https://app.vem.dev/project/1',
              },
            ],
          },
        ],
      },
    ],
  });
});

test('discord: a task reads as a team expects it', async () => {
  expect(await render<DiscordMessage>('discord', 'task.completed', PROJECT)).toEqual({
    embeds: [
      {
        title: 'Task completed: Implement authentication',
        description: 'A task was completed',
        url: 'https://app.vem.dev/project/1',
        color: 0x2eb67d,
        fields: [
          { name: 'Project', value: 'R&D <\u200bone>', inline: true },
          { name: 'Status', value: 'done', inline: true },
          { name: 'Task ID', value: 'TASK-001', inline: true },
          { name: 'Evidence', value: 'pnpm test passed', inline: true },
        ],
        footer: { text: 'R&D <\u200bone> · task.completed · evt_01KGSA0000E8MZXV5RYCA3QHT7' },
        timestamp: '2026-02-06T12:00:00.345Z',
      },
    ],
    allowed_mentions: { parse: [] },
  });
});

test('a type that nobody has documented, and data that is no object, make a message too', async () => {
  const message = await render<SlackMessage>('slack', 'billing.invoicePaid_late', {
    data: '[1,"two",12345678901234567890]',
  });
  const [header, section] = slackBlocks(message);
  expect(header?.text?.text).toBe('Billing invoice Paid late');
  expect(section).toMatchObject({ text: { text: 'billing.invoicePaid_late' } });
  expect(section?.fields?.[0]?.text).toBe('*Data*\n1, two, 12345678901234567890');
});

test.each([
  ['snapshot.verified', '{}', 0x2eb67d],
  ['workflow.execution.fulfilled', '{}', 0x2eb67d],
  ['workflow.execution.rejected', '{}', 0xe01e5a],
  ['agent.killed', '{}', 0xe01e5a],
  ['compliance.control.failed', '{"status":"done"}', 0xe01e5a],
  ['task.started', '{}', 0x36c5f0],
  ['changelog.updated', '{}', 0x9aa0a6],
  ['build.finished', '{"status":"Failed"}', 0xe01e5a],
])('%s with %s has the colour of its outcome', async (of, posted, color) => {
  const [embed] = (await render<DiscordMessage>('discord', of, { data: posted })).embeds;
  expect(embed.color).toBe(color);
  const [attachment] = (await render<SlackMessage>('slack', of, { data: posted })).attachments;
  expect(attachment?.color).toBe(`#${color.toString(16)}`);
});

test.each([
  ['https://hooks.slack.com/services/T1/B1/x', 'slack'],
  ['https://HOOKS.slack.com:443/services/T1/B1/x', 'slack'],
  ['https://discord.com/api/webhooks/1/x?wait=true', 'discord'],
  ['https://discordapp.com/api/webhooks/1/x', 'discord'],
  ['https://ptb.discord.com/api/webhooks/1/x', 'discord'],
  ['https://canary.discord.com/api/webhooks/1/x', 'discord'],
  ['https://evil.discord.com/api/webhooks/1/x', 'vem'],
  ['http://hooks.slack.com/services/T1/B1/x', 'vem'],
  ['https://hooks.slack.com/workflows/T1', 'vem'],
  ['https://hooks.slack.com.evil.example/services/T1', 'vem'],
  ['https://evil.example/?https://hooks.slack.com/services/', 'vem'],
  ['https://discord.com/api/users/1', 'vem'],
  ['https://example.com/hooks', 'vem'],
])('%s gets the dialect %s', (url, dialect) => {
  expect(dialectNameOf({ url, dialect: 'vem' })).toBe(dialect);
});

test.each([
  [429, '{"message":"You are being rate limited.","retry_after":64.57,"global":false}', '65'],
  [429, '{"retry_after":0}', '0'],
  [429, '{"retry_after":"soon"}', undefined],
  [429, 'null', undefined],
  [429, '<html>', undefined],
  [500, '{"retry_after":64.57}', undefined],
])('discord: a %i that answers %s asks to wait %s seconds', (status, body, seconds) => {
  expect(dialectNamed('discord').retryAfterIn?.(status, Buffer.from(body))).toBe(seconds);
});
