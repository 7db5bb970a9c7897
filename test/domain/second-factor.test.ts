import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_STEP, type SecondFactor, isSteppedUp, judgeCode, steppedUp } from '../../lib/domain/second-factor.ts';
import { hashTypedCode, typedCode } from '../../lib/domain/typed-code.ts';
import { totpSecret, totpStep, totpUri } from '../../lib/domain/totp.ts';

/** The secret of RFC 6238, appendix B: the ASCII text 12345678901234567890. */
const SECRET = totpSecret(Buffer.from('12345678901234567890'));
const MINUTE = 60_000;
/** Of RFC 6238, appendix B, the last six of eight digits. */
const VECTORS: [number, string][] = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
];
const NOW = 1_234_567_890_000;
const CODE = '005924';

const factor: SecondFactor = {
  id: 'f',
  status: 'on',
  sealedSecret: 'sealed',
  createdAt: 0,
  lastStep: NO_STEP,
  recoveryHashes: [],
  wrongAt: [],
  stepUps: {},
  version: 'v',
};

const judge = (of: SecondFactor, code: string, now = NOW) => judgeCode(of, SECRET, code, now);
const right = (of: SecondFactor, code: string, now = NOW) => {
  const judged = judge(of, code, now);
  if (judged.kind !== 'right') throw new Error(judged.kind);
  return judged.factor;
};
const afterWrong = (of: SecondFactor, times: readonly number[]) =>
  times.reduce((before, at) => {
    const judged = judge(before, '999999', at);
    return judged.kind === 'wrong' ? judged.factor : before;
  }, of);

describe('a code of an app', () => {
  it.each(VECTORS)('at %i s is that of RFC 6238', (seconds, code) => {
    expect(totpStep(SECRET, code, seconds * 1000)).toBe(Math.floor(seconds / 30));
  });

  it('is good one step before and one step after its own, and no further', () => {
    const step = Math.floor(NOW / 30_000);
    const kinds = [-2, -1, 0, 1, 2].map((off) => judge(factor, CODE, (step + off) * 30_000).kind);
    expect(kinds).toEqual(['wrong', 'right', 'right', 'right', 'wrong']);
  });

  it('is good once, and then no earlier one is', () => {
    const used = right(factor, CODE);
    expect(judge(used, CODE).kind).toBe('used');
    expect(judge({ ...factor, lastStep: Math.floor(NOW / 30_000) + 1 }, CODE).kind).toBe('used');
    expect(judge({ ...factor, lastStep: Math.floor(NOW / 30_000) - 1 }, CODE).kind).toBe('right');
  });

  it.each(['ÜÜÜÜÜÜ', 'Üø\u001b\u{dbacc}X', '١٢٣٤٥٦', '      ', ''])('is wrong when it is %j', (code) => {
    expect(judge(factor, code).kind).toBe('wrong');
  });

  it('comes from a URI that apps read', () => {
    const uri = new URL(totpUri(SECRET, 'Müller & Söhne #1'));
    expect(uri.protocol).toBe('otpauth:');
    expect(decodeURIComponent(uri.pathname)).toContain('Postrider:Müller & Söhne #1');
    expect(Object.fromEntries(uri.searchParams)).toMatchObject({ secret: SECRET, issuer: 'Postrider', digits: '6' });
  });
});

describe('five wrong codes within 15 minutes', () => {
  const five = [0, 1, 2, 3, 4].map((n) => NOW + n * MINUTE);

  it('lock the factor for 15 minutes, for right codes too', () => {
    const locked = afterWrong(factor, five);
    const until = NOW + 19 * MINUTE;
    expect(judge(locked, CODE, NOW + 5 * MINUTE)).toEqual({ kind: 'locked', until });
    expect(judge(locked, '999999', until - 1)).toEqual({ kind: 'locked', until });
    expect(judge(locked, '999999', until)).toMatchObject({ kind: 'wrong', factor: { wrongAt: [until] } });
  });

  it('spread over more than 15 minutes do not', () => {
    const slow = afterWrong(
      factor,
      [0, 4, 8, 12, 16].map((n) => NOW + n * MINUTE),
    );
    expect(slow).toMatchObject({ wrongAt: [4, 8, 12, 16].map((n) => NOW + n * MINUTE) });
    expect(slow).not.toHaveProperty('lockedUntil');
  });

  it('with a right one among them do not, and used ones do not count', () => {
    const once = right(
      afterWrong(
        factor,
        five.slice(0, 4).map(() => NOW),
      ),
      CODE,
    );
    expect(once.wrongAt).toEqual([]);
    for (let n = 0; n < 10; n += 1) expect(judge(once, CODE).kind).toBe('used');
    expect(judge(once, '999999').kind).toBe('wrong');
  });
});

describe('a recovery code', () => {
  const codes = fc.uint8Array({ minLength: 10, maxLength: 10 }).map(typedCode);

  it('is 16 letters and digits in fours, each of 80 bits another', () => {
    fc.assert(fc.property(codes, (code) => /^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){3}$/.test(code)));
    const two = fc.tuple(codes, codes).filter(([a, b]) => a !== b);
    fc.assert(fc.property(two, ([a, b]) => hashTypedCode(a) !== hashTypedCode(b)));
  });

  it('is good once, however it is typed', () => {
    const code = typedCode(new Uint8Array(10).fill(77));
    const other = hashTypedCode('other');
    const with2 = { ...factor, recoveryHashes: [hashTypedCode(code), other] };
    for (const typed of [code, code.toUpperCase(), code.replaceAll('-', ' '), code.replaceAll('-', '')]) {
      const used = right(with2, typed);
      expect(used.recoveryHashes).toEqual([other]);
      expect(judge(used, typed).kind).toBe('wrong');
    }
  });
});

describe('a key that has stepped up', () => {
  it('needs no code for ten minutes; others do', () => {
    const up = steppedUp(factor, 'key_1', NOW);
    expect(isSteppedUp(up, 'key_1', NOW + 10 * MINUTE - 1)).toBe(true);
    expect(isSteppedUp(up, 'key_1', NOW + 10 * MINUTE)).toBe(false);
    for (const key of ['key_2', 'constructor', '__proto__']) expect(isSteppedUp(up, key, NOW)).toBe(false);
  });

  it('is forgotten once others step up later', () => {
    const later = NOW + 10 * MINUTE;
    expect(steppedUp(steppedUp(factor, 'key_1', NOW), 'key_2', later).stepUps).toEqual({
      key_2: later + 10 * MINUTE,
    });
  });
});
