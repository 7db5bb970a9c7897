import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter } from '../../../lib/local/sources/line-splitter.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

test('lines come out as they went in, however they are cut into chunks, with where they stand', () => {
  const lines = fc.array(fc.string({ maxLength: 20 }).map((line) => line.replaceAll('\n', '')));
  fc.assert(
    fc.property(lines, fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (written, sizes) => {
      const bytes = Buffer.from(written.map((line) => `${line}\n`).join(''));
      const splitter = new LineSplitter(1000, 7);
      const found = [];
      for (let at = 0; at < bytes.length;) {
        const size = sizes.next().value as number;
        found.push(...splitter.push(bytes.subarray(at, at + size)));
        at += size;
      }
      expect(found.map((line) => text(line.bytes))).toEqual(written);
      for (const { start, end, bytes: own } of found) {
        expect(text(bytes.subarray(start - 7, end - 7))).toBe(`${text(own)}\n`);
      }
      expect(splitter.offset).toBe(bytes.length + 7);
    }),
  );
});

test('the last line needs no line feed', () => {
  const splitter = new LineSplitter(10);
  expect(splitter.push(Buffer.from('a\nb'))).toHaveLength(1);
  expect(splitter.flush()).toEqual([{ bytes: Buffer.from('b'), start: 2, end: 3 }]);
  expect(splitter.flush()).toEqual([]);
});

test('of a long line no more is kept than tells that it is too long', () => {
  const splitter = new LineSplitter(4);
  for (let n = 0; n < 100; n += 1) splitter.push(Buffer.from('xyz'));
  const [long, short] = splitter.push(Buffer.from('\nab\n'));
  expect([text(long?.bytes ?? Buffer.of()), long?.end]).toEqual(['xyzxy', 301]);
  expect(short).toMatchObject({ start: 301, end: 304 });
});
