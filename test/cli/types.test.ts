import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../support/source-files.ts';
import { ACCESS, postrider, scripted } from './fake-terminal.ts';

const eventType = (type: string, schema: object | null, more: object = {}) => ({
  tenant_id: null,
  type,
  description: 'It happened',
  category: null,
  schema,
  example: null,
  deprecated: false,
  ...more,
});

const CATALOGUE = [
  eventType('task.completed', {
    title: 'Events',
    type: 'object',
    properties: {
      id: { type: 'string', description: 'of the task */ export const x = 1; /*' },
      title: { type: 'string' },
      owner: { $ref: '#/$defs/person' },
      state: { enum: ['done', 'it\'s "over"'] },
    },
    required: ['id'],
    $defs: { person: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } },
  }),
  eventType(
    'task.deleted',
    { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
    { deprecated: true },
  ),
  eventType('chat.said', null),
  eventType('any.thing', { tsType: 'string; evil: 1' }),
];

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'postrider-types-'))));
afterAll(() => rmSync(folder, { recursive: true }));

async function printed(): Promise<string> {
  const { fetch } = scripted({ body: { data: CATALOGUE, next_cursor: null } });
  const { code, stdout, stderr } = await postrider(['types'], { env: ACCESS, fetch });
  expect(code, stderr).toBe(0);
  expect(stderr).toBe('1 of 4 types have no schema: their data is unknown.\n');
  return stdout;
}

/** What the compiler says of a program beside the printed types. */
function errorsOf(types: string, program: string): string {
  writeFileSync(join(folder, 'events.d.ts'), types);
  writeFileSync(join(folder, 'program.ts'), program);
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'],
    types: [],
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    paths: { '@postrider/sdk': [join(ROOT, 'sdk/src/index.ts')] },
  };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['program.ts', 'events.d.ts'] }),
  );
  try {
    execFileSync(join(ROOT, 'node_modules/.bin/tsc'), { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

// The compiler runs as a process of its own.
describe('the types of the catalogue', { timeout: 60_000 }, () => {
  const client = `import { Postrider } from '@postrider/sdk';
    import type { Events } from './events.d.ts';
    const { events } = new Postrider<Events>({ apiKey: 'prk_x', baseUrl: 'http://a.test' });`;

  test('let events with the data of their type compile', async () => {
    const program = `${client}
      void events.post({ type: 'task.completed', data: { id: 'x', title: 't', owner: { name: 'Ada' }, state: 'done' } });
      void events.post({ type: 'chat.said', data: ['anything', 1] });
      void events.post({ type: 'any.thing', data: { a: 1 } });
      void events.post({ type: 'task.deleted', data: { id: 'x' } });`;
    expect(errorsOf(await printed(), program)).toBe('');
  });

  test.each([
    ['an unknown type', `{ type: 'task.unknown', data: {} }`],
    ['the data of another type', `{ type: 'task.completed', data: { id: 1 } }`],
    ['a missing field', `{ type: 'task.deleted', data: {} }`],
    ['a field that no schema names', `{ type: 'task.deleted', data: { id: 'x', colour: 'red' } }`],
    ['a wrong part, by a reference', `{ type: 'task.completed', data: { id: 'x', owner: { name: 1 } } }`],
    ['a value that is not among those allowed', `{ type: 'task.completed', data: { id: 'x', state: 'open' } }`],
  ])('refuse %s', async (_, event) => {
    expect(errorsOf(await printed(), `${client} void events.post(${event});`)).toMatch(/^program\.ts.*error TS2/);
  });

  test('are types and comments only, whatever a tenant wrote into a schema', async () => {
    const types = await printed();
    expect(types).not.toMatch(/evil|^\s*export const/m);
    expect(types).toContain('@deprecated');
    for (const [line] of types.matchAll(/^export .*/gm)) expect(line).toMatch(/^export (interface|type) /);
  });
});

test('an empty catalogue is refused with what to do', async () => {
  const { fetch } = scripted({ body: { data: [], next_cursor: null } });
  const { code, stdout, stderr } = await postrider(['types'], { env: ACCESS, fetch });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('add them by "postrider event-types create"');
});
