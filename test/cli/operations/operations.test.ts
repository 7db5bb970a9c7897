import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isDestructive } from '../../../cli/src/api/destructive.ts';
import { type Field, pathParameters } from '../../../cli/src/api/operation.ts';
import { GROUPS, OPERATIONS } from '../../../cli/src/api/operations.ts';
import { optionName } from '../../../cli/src/api/values.ts';
import { columnsOf } from '../../../cli/src/output/columns.ts';
import { createProgram } from '../../../cli/src/program.ts';
import { ACCESS, fakeTerminal, postrider, scripted } from '../fake-terminal.ts';
import { FILE, type OpenApi, operationsFile } from './derive.ts';
import { WITHOUT_COMMANDS } from './names.ts';

const document = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as OpenApi;
const described = Object.values(document.paths).flatMap((methods) => Object.values(methods));

test('the table of operations is that of docs/openapi.json', async () => {
  expect(readFileSync(FILE, 'utf8') === (await operationsFile(document)), 'run `npm run openapi`').toBe(true);
});

test('each operation of the API has one command, or its group stands in the exceptions with a reason', () => {
  const left = described.filter(({ operationId }) => !OPERATIONS.some(({ id }) => id === operationId));
  expect(left.filter(({ tags }) => !tags.some((tag) => WITHOUT_COMMANDS[tag])).map((one) => one.operationId)).toEqual(
    [],
  );
  const names = OPERATIONS.map(({ group, name }) => `${group} ${name}`);
  expect(new Set(names).size, names.join(', ')).toBe(OPERATIONS.length);
  expect(OPERATIONS.filter(({ group }) => !GROUPS.some(({ name }) => name === group))).toEqual([]);
});

test('an exception that nothing needs any more is found', () => {
  const tags = new Set(described.flatMap((one) => one.tags));
  expect(Object.keys(WITHOUT_COMMANDS).filter((tag) => !tags.has(tag))).toEqual([]);
});

test('what deletes asks first, but for what lets go on', () => {
  const deleting = OPERATIONS.filter(({ method }) => method === 'DELETE').filter(
    (one) => !isDestructive(one, undefined),
  );
  expect(deleting.map(({ id }) => id)).toEqual(['releaseBrake']);
});

test('no option of a command has the name of one that every command has', () => {
  const { terminal } = fakeTerminal();
  const program = createProgram(terminal);
  const own = new Set(program.options.map(({ long }) => long));
  for (const group of program.commands)
    for (const command of [group, ...group.commands])
      expect(
        command.options.filter(({ long }) => own.has(long)).map(({ long }) => `${command.name()} ${long}`),
      ).toEqual([]);
});

/** A value for a field of each kind, and what of it is sent. */
const VALUES: Readonly<Record<Field['kind'], { typed: string; sent: unknown }>> = {
  text: { typed: 'some text', sent: 'some text' },
  number: { typed: '1234.5', sent: 1234.5 },
  boolean: { typed: 'false', sent: false },
  texts: { typed: 'a.b,c.*', sent: ['a.b', 'c.*'] },
  time: { typed: '2026-02-06T12:00:00Z', sent: '2026-02-06T12:00:00.000Z' },
  json: { typed: '{"n": [1, null]}', sent: { n: [1, null] } },
};

const valueOf = ({ kind, choices }: Field) => {
  const [choice] = choices ?? [];
  return choice === undefined || kind === 'texts' ? VALUES[kind] : { typed: choice, sent: choice };
};

describe.each(OPERATIONS)('$group $name', (operation) => {
  const { group, name, method, path, query, body = { fields: [] }, rows, pages } = operation;
  const ids = pathParameters(path).map((parameter) => `the ${parameter}/é`);
  const shown = query.filter((field) => !(pages && ['limit', 'cursor'].includes(field.name)));
  const typed = [...shown, ...body.fields].flatMap((field) => [`--${optionName(field.name)}`, valueOf(field).typed]);

  test('makes its call, with every field where it belongs', async () => {
    const answer = rows === undefined ? { id: 'x' } : { data: [], next_cursor: null };
    const { fetch, sent } = scripted({ body: answer });
    const { code, stderr } = await postrider([group, name, ...ids, ...typed, '--yes'], { fetch, env: ACCESS });
    expect([code, stderr.replace('Nothing there.\n', '')]).toEqual([0, '']);
    expect(sent).toHaveLength(1);
    const [call] = sent;
    const wanted = ids.reduce((at, id) => at.replace(/\{\w+\}/, encodeURIComponent(id)), path);
    expect([call?.method, call?.path]).toEqual([method, wanted]);
    const { limit, ...others } = call?.query ?? {};
    const fields = Object.fromEntries(shown.map((field) => [field.name, String(valueOf(field).sent)]));
    expect(pages ? { ...others, limit } : call?.query).toEqual(pages ? { ...fields, limit: '50' } : fields);
    const sentBody = Object.fromEntries(body.fields.map((field) => [field.name, valueOf(field).sent]));
    expect(call?.body === undefined ? {} : JSON.parse(call.body)).toEqual(sentBody);
  });

  test.runIf(pages !== undefined)('asks for as many rows at once as it may, with --all', async () => {
    const described = document.paths[path]?.['get']?.parameters?.find((one) => one.name === 'limit');
    const { fetch, sent } = scripted({ body: { data: [], next_cursor: null } });
    await postrider([group, name, ...ids, '--all'], { fetch, env: ACCESS });
    expect(sent[0]?.query).toEqual({ limit: String(described?.schema.maximum) });
  });

  test.runIf(rows !== undefined)('has columns for its table', () => {
    expect(columnsOf(rows ?? '').length).toBeGreaterThan(1);
  });
});
