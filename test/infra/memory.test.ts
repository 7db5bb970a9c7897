import { describe, expect, test } from 'vitest';
import { functionsOf, synthesize } from './synthesized.ts';

const functions = functionsOf(synthesize().resources);

describe('memory', () => {
  const memoryOf = (all: typeof functions) => [all.ingest.MemorySize, all.dispatch.MemorySize];
  const given = (memory: { ingest?: number; dispatch?: number }) =>
    memoryOf(functionsOf(synthesize({ memory }).resources));

  test('is 256 MB for ingest and for dispatch, or what was asked for, each by itself', () => {
    expect(memoryOf(functions)).toEqual([256, 256]);
    expect(given({ ingest: 512 })).toEqual([512, 256]);
    expect(given({ dispatch: 10_240 })).toEqual([256, 10_240]);
  });

  test.each([128, 255, 256.5, 10_241, Number.NaN])('is refused as %s', (mib) => {
    expect(() => synthesize({ memory: { dispatch: mib } })).toThrow(
      `memory.dispatch must be a whole number of MiB from 256 to 10240, is ${mib}`,
    );
    expect(() => synthesize({ memory: { ingest: mib } })).toThrow('memory.ingest must be');
  });
});
