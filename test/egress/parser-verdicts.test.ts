import { describe, expect, it } from 'vitest';

import { SeededRandom } from '../support/seeded-random.ts';
import { inPieces, oddResponse } from './odd-responses.ts';
import { type Verdict, ownVerdict, verdictOfNode } from './parser-verdicts.ts';

const RESPONSES = 3000;

/** Where the two may differ, and each way of it fails, or reads the same body. */
function isKnownDifference(text: string, own: Verdict, node: Verdict): boolean {
  // A head is judged line by line, and as a whole at its end.
  if (own === 'cut off') return node === 'invalid';
  if (node === 'cut off' && !text.includes('\r\n\r\n')) return own === 'invalid';
  // Blanks around a value are not part of it (RFC 9110, 5.5): llhttp does not see a `chunked` before a tab.
  if (/chunked *\t/i.test(text)) return true;
  // Lone line ends before a status line are not skipped; nobody has asked for another protocol.
  if (own === 'invalid') return /(?:^|\r\n\r\n)(?:\r\n)*(?:\n|\r[^\n])/.test(text) || text.includes('HTTP/1.1 101');
  // What stands behind the size of a chunk is not read.
  return node === 'invalid' && /\n[0-9a-f]+;(?!a=b\r\n)/i.test(text);
}

describe('a response is read as Node’s own parser reads it', () => {
  it(`in ${RESPONSES} that are odd, however they are cut`, async () => {
    const kinds = { invalid: 0, 'cut off': 0, whole: 0 };
    for (let seed = 1; seed <= RESPONSES; seed += 1) {
      const random = new SeededRandom(seed);
      const text = oddResponse(random);
      const pieces = inPieces(random, text);
      const { verdict, read } = ownVerdict(pieces);
      // What follows a whole response is not its fault.
      const isWhole = typeof verdict !== 'string';
      const node = await verdictOfNode(isWhole ? [text.slice(0, read)] : [text]);
      kinds[typeof verdict === 'string' ? verdict : 'whole'] += 1;
      if (!isKnownDifference(text, verdict, node))
        expect(verdict, `seed ${seed}: ${JSON.stringify(pieces)}`).toEqual(node);
    }
    expect(Math.min(...Object.values(kinds))).toBeGreaterThan(RESPONSES / 20);
  });

  it('and is read the same however it is cut', () => {
    for (let seed = 1; seed <= RESPONSES; seed += 1) {
      const random = new SeededRandom(seed);
      const text = oddResponse(random);
      const [own, again] = [ownVerdict([...text]), ownVerdict(inPieces(random, text))];
      expect(again.verdict, `seed ${seed}: ${JSON.stringify(text)}`).toEqual(own.verdict);
    }
  });
});
