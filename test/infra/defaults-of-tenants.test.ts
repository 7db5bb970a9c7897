import { expect, test } from 'vitest';
import { functionsOf, synthesize } from './synthesized.ts';

const functions = functionsOf(synthesize().resources);

test('what holds for event types and API keys where a tenant has set nothing is told to the functions that need it', () => {
  const toldOf = (all: typeof functions, name: string) =>
    Object.entries(all).flatMap(
      ([
        entry,
        {
          Environment: { Variables },
        },
      ]) => (name in Variables ? [`${entry} ${Variables[name]}`] : []),
    );
  expect(toldOf(functions, 'POSTRIDER_UNKNOWN_TYPES').toSorted()).toEqual([
    'account accept',
    'endpoints accept',
    'ingest accept',
  ]);
  expect(toldOf(functions, 'POSTRIDER_MAX_API_KEYS')).toEqual(['account 100']);
  const set = functionsOf(synthesize({ unknownTypes: 'refuse', dataCheck: 'warn', maxApiKeys: 5 }).resources);
  expect(toldOf(set, 'POSTRIDER_UNKNOWN_TYPES')).toContain('ingest refuse');
  expect(toldOf(set, 'POSTRIDER_DATA_CHECK')).toContain('ingest warn');
  expect(toldOf(set, 'POSTRIDER_MAX_API_KEYS')).toEqual(['account 5']);
  expect(() => synthesize({ maxApiKeys: 0 })).toThrow('maxApiKeys must be a whole number from 1 on');
});

test('where the console is, only the function that makes its links is told, and only an address that can be one', () => {
  const url = 'https://hooks.example.com/';
  const told = Object.entries(functionsOf(synthesize({ consoleUrl: url }).resources)).filter(
    ([, { Environment }]) => Environment.Variables['POSTRIDER_CONSOLE_URL'] === url,
  );
  expect(told.map(([entry]) => entry)).toEqual(['account']);
  for (const wrong of ['hooks.example.com', 'https://hooks.example.com', 'http://hooks.example.com/', `${url}?a=1/`]) {
    expect(() => synthesize({ consoleUrl: wrong })).toThrow('consoleUrl must be an https: address');
  }
});
