import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SAVED_QUERIES, type SavedQuery } from '../../lib/infra/saved-queries.ts';
import { contentsOf } from '../lambdas/bundle-contents.ts';
import { WITH_SOURCES, entryOf, ofType, root, synthesize } from './synthesized.ts';
import { pauseEndpoint } from '../../lib/pipeline/endpoints/status-calls.ts';
import { TENANT, World } from '../support/world.ts';
import { type WrittenLine, eventfulDays, written } from './written-lines.ts';

/** What CloudWatch adds to each line. */
const ADDED = ['@timestamp'];
/** Of lines that the API writes, whichever route it serves (lib/api/http/request-id.ts). */
const OF_REQUESTS = ['request_id'];
const COMMANDS = new Set(['fields', 'filter', 'stats', 'sort', 'limit']);
const FUNCTIONS = new Set(['count', 'count_distinct', 'latest', 'max', 'now', 'pct', 'sortsFirst', 'toMillis']);
const WORDS = new Set(['and', 'or', 'as', 'by', 'in', 'asc', 'desc']);

interface ParsedQuery {
  /** Fields of lines that it reads. */
  fields: string[];
  /** The lines that it asks for by name. */
  events: string[];
}

/**
 * Reads a query in the part of the language that the stack uses ("CloudWatch Logs Insights QL"): a command a line, each with
 * names, functions, texts, numbers and operators.
 * @throws for anything else
 */
function parse({ commands }: Pick<SavedQuery, 'commands'>): ParsedQuery {
  const made = new Set<string>();
  const read = new Set<string>();
  const events: string[] = [];
  for (const command of commands) {
    const [word = '', ...rest] = command.split(' ');
    if (!COMMANDS.has(word)) throw new Error(`no command: ${word}`);
    const text = rest.join(' ');
    const tokens = text.match(/"[^"]*"|[@\w]+(?=\()|[@\w]+|[=!<>]=?|[()[\],*/+-]|\S/g) ?? [];
    tokens.forEach((token, n) => {
      if (token.startsWith('"')) return void events.push(token.slice(1, -1));
      if (/^\d+$/.test(token) || /^([=!<>]=?|[()[\],*/+-])$/.test(token) || WORDS.has(token)) return;
      if (!/^[@\w]+$/.test(token)) throw new Error(`not read: ${token} of ${command}`);
      if (tokens[n + 1] === '(') {
        if (!FUNCTIONS.has(token)) throw new Error(`no function: ${token}`);
      } else if (tokens[n - 1] === 'as') made.add(token);
      else if (!made.has(token)) read.add(token);
    });
  }
  const lines = events.filter((text) => /^[a-z-]+\.[a-z-]+$/.test(text));
  return { fields: [...read].filter((name) => !made.has(name)), events: lines };
}

const lines: WrittenLine[] = await eventfulDays();
const fieldsOf = (some: readonly WrittenLine[]) => new Set(some.flatMap((line) => Object.keys(line)));

describe.each(SAVED_QUERIES)('$name', (query) => {
  const { fields, events } = parse(query);

  test('asks for lines that are written, by their names', () => {
    const names = new Set(lines.map(({ event }) => event));
    expect(events.filter((event) => !names.has(event))).toEqual([]);
  });

  test('reads only fields that those lines have', () => {
    const asked = events.length === 0 ? lines : lines.filter(({ event }) => events.includes(event));
    const known = new Set([...fieldsOf(asked), ...ADDED, ...OF_REQUESTS]);
    expect(fields.length).toBeGreaterThan(0);
    expect(fields.filter((field) => !known.has(field))).toEqual([]);
  });

  test('looks where those lines are written', async () => {
    const files = (await Promise.all(query.of.map((entry) => contentsOf(entry)))).flat();
    const sources = files
      .filter((file) => file.startsWith('lib/'))
      .map((file) => readFileSync(join(root, file), 'utf8'));
    // `dispatch.poisoned` is put together of the stage's word and the rest.
    const isIn = (source: string, event: string) =>
      source.includes(`'${event}'`) || source.includes(`}.${event.split('.')[1]}\``);
    expect(events.filter((event) => !sources.some((source) => isIn(source, event)))).toEqual([]);
  });
});

test('a query with a field that no line has, or in another language, is found', () => {
  expect(parse({ commands: ['filter nothing_has_it = "x"'] }).fields).toEqual(['nothing_has_it']);
  expect(() => parse({ commands: ['select 1'] })).toThrow('no command');
  expect(() => parse({ commands: ['stats median(duration_ms)'] })).toThrow('no function');
});

test('what was held since its last attempt does not count as retrying now', async () => {
  const query = SAVED_QUERIES.find(({ name }) => name.startsWith('Retrying now')) as SavedQuery;
  const [, state = '', kept = ''] = query.commands;
  const [, keys = ''] = / by (.+)$/.exec(state) ?? [];
  const waiting: unknown[] = kept.match(/"(\w+)"/g)?.map((text) => text.slice(1, -1)) ?? [];
  const { events } = parse({ commands: query.commands.slice(0, 1) });
  /** What the first three commands leave: one row for each delivery, by its latest line. */
  const retrying = (world: World) => {
    const asked = written(world.log).filter(({ event }) => events.includes(event));
    const latest = new Map(
      asked.map((line) => [
        keys
          .split(', ')
          .map((key) => line[key])
          .join(),
        line,
      ]),
    );
    return [...latest.values()].filter(({ status }) => waiting.includes(status)).map((line) => line.endpoint_id);
  };
  using world = new World();
  const process = world.process();
  const [paused, failing] = [await world.endpointAnswering(500), await world.endpointAnswering(500)];
  await process.ingest(world.request());
  await world.run(process, 1000);
  expect(retrying(world).toSorted()).toEqual([paused.id, failing.id].toSorted());
  await pauseEndpoint(world.ports, TENANT, paused.id);
  await world.run(process, 60_000);
  expect(retrying(world)).toEqual([failing.id]);
});

test('docs/observability.md has the same queries, and only fields that a line of an attempt has', () => {
  const page = readFileSync(join(root, 'docs/observability.md'), 'utf8');
  const [, queries = '', rest = ''] = /## Saved queries\n(.*?)## Lines\n(.*)## Metrics/s.exec(page) ?? [];
  const rows = [...queries.matchAll(/^\| ([^|]+?) +\|/gm)].map(([, name]) => name);
  expect(rows).toEqual(['query', expect.stringMatching(/^-+$/), ...SAVED_QUERIES.map(({ name }) => name)]);
  const [, table = ''] = rest.split('| field');
  const named = [...table.matchAll(/^\| (`[^|]+)\|/gm)].flatMap(([, cell = '']) => cell.match(/\w+/g) ?? []);
  const known = fieldsOf(lines.filter(({ event }) => event === 'dispatch.attempt'));
  expect(named.length).toBeGreaterThan(10);
  // Of an address that is not public; these customers have no network.
  expect(named.filter((field) => !known.has(field))).toEqual(['refused_address']);
});

test('stand in the stack, in a folder of the service’s name, over the logs that they ask', () => {
  const { resources } = synthesize(WITH_SOURCES);
  const definitions = ofType(resources, 'AWS::Logs::QueryDefinition').map(([, { Properties }]) => Properties);
  expect(definitions.map(({ Name }) => Name).toSorted()).toEqual(
    SAVED_QUERIES.map(({ name }) => `Postrider/${name}`).toSorted(),
  );
  for (const { name, of, commands } of SAVED_QUERIES) {
    const definition = definitions.find(({ Name }) => Name === `Postrider/${name}`);
    expect(definition.QueryString.split('\n| ')).toEqual(commands);
    expect(definition.LogGroupNames.map(({ Ref }: { Ref: string }) => entryOf(Ref))).toEqual(of);
  }
});
