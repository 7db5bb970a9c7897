import { describe, expect, it } from 'vitest';
import { firstSecrets } from '../../lib/dialects/first-secrets.ts';
import { signersOf } from '../../lib/dialects/signers.ts';

const NOW = 1_000_000;

const newest = { name: 'newest' };
const older = { name: 'older', expiresAt: NOW + 1 };
const ended = { name: 'ended', expiresAt: NOW };
const coming = { name: 'coming', activatesAt: NOW + 1 };
const generated = { name: 'generated', generated: true } as const;
const beside = { name: 'beside' };
const key = { name: 'key' };

type Kept = { name: string; activatesAt?: number; expiresAt?: number; generated?: true };

/** The names of what signs a request in a dialect. */
function namesOf(dialect: string, endpoint: Parameters<typeof signersOf<Kept>>[1]) {
  const { own, standard, asymmetric } = signersOf<Kept>(dialect, endpoint, NOW);
  const names = (secrets: readonly Kept[]) => secrets.map(({ name }) => name);
  return { own: names(own), standard: names(standard), asymmetric: names(asymmetric) };
}

describe('the dialect’s own headers are signed', () => {
  it.each([
    ['standard', 'by every secret that is in force, newest first', ['newest', 'older']],
    ['vem', 'by the newest that is in force, where there is room for one', ['newest']],
    ['slack', 'by none in a dialect without signatures', []],
  ])('%s: %s', (dialect, _, expected) => {
    const secrets = [coming, newest, older, ended];
    expect(namesOf(dialect, { secrets })).toEqual({ own: expected, standard: [], asymmetric: [] });
  });

  it('by a secret that we made only where the dialect has no other use for one', () => {
    expect(namesOf('vellum', { secrets: [generated] }).own).toEqual([]);
    expect(namesOf('vellum', { secrets: [generated, newest] }).own).toEqual(['newest']);
    expect(namesOf('vem', { secrets: [generated] }).own).toEqual(['generated']);
  });
});

describe('the headers of Standard Webhooks beside them are signed', () => {
  const secrets = [newest, older, ended];

  it('by the same secrets, all that are in force, also where the dialect signs with none of them', () => {
    expect(namesOf('vem', { secrets, alsoStandard: true }).standard).toEqual(['newest', 'older']);
    expect(namesOf('slack', { secrets, alsoStandard: true }).standard).toEqual(['newest', 'older']);
    expect(namesOf('vellum', { secrets: [generated], alsoStandard: true }).standard).toEqual(['generated']);
  });

  it('by secrets of their own, where the endpoint has some', () => {
    const endpoint = { secrets, standardSecrets: [coming, beside], alsoStandard: true };
    expect(namesOf('vem', endpoint)).toMatchObject({ own: ['newest'], standard: ['beside'] });
  });

  it('by nothing where nobody asked for them, and where the dialect has them itself', () => {
    expect(namesOf('vem', { secrets, standardSecrets: [beside] }).standard).toEqual([]);
    expect(namesOf('standard', { secrets, alsoStandard: true }).standard).toEqual([]);
  });
});

describe('a private key signs', () => {
  const endpoint = { secrets: [newest], privateKeys: [coming, key, ended], asymmetricSigning: true };

  it('where a request has the headers of Standard Webhooks', () => {
    expect(namesOf('standard', endpoint).asymmetric).toEqual(['key']);
    expect(namesOf('vem', { ...endpoint, alsoStandard: true }).asymmetric).toEqual(['key']);
    expect(namesOf('vem', endpoint).asymmetric).toEqual([]);
  });

  it('only as long as it is asked to', () => {
    expect(namesOf('standard', { ...endpoint, asymmetricSigning: false }).asymmetric).toEqual([]);
  });
});

describe('an endpoint begins with', () => {
  const source = { bytes: (count: number) => new Uint8Array(count).fill(7) };
  const NOT_STANDARD = 'a secret that they have';

  it('a secret of its own form for the headers of Standard Webhooks, where the one that it has is of another', () => {
    const asked = { dialect: 'vem', signingSecret: NOT_STANDARD };
    expect(firstSecrets(source, asked, NOW)).toEqual({ signing: { secret: NOT_STANDARD } });
    const both = firstSecrets(source, { ...asked, alsoStandard: true }, NOW);
    expect(both).toMatchObject({
      signing: { secret: NOT_STANDARD },
      standard: { secret: expect.stringMatching(/^whsec_/) as string },
    });
  });

  it('one secret for both, where we make it', () => {
    const made = firstSecrets(source, { dialect: 'vem', alsoStandard: true }, NOW);
    expect(made).toEqual({ signing: { secret: expect.stringMatching(/^whsec_/) as string } });
  });

  it('a note that a secret was made by us, in a dialect that signs only with brought ones', () => {
    expect(firstSecrets(source, { dialect: 'vellum' }, NOW).signing.generated).toBe(true);
    expect(
      firstSecrets(source, { dialect: 'vellum', signingSecret: 'brought' }, NOW).signing.generated,
    ).toBeUndefined();
  });

  it('nothing that its dialect refuses', () => {
    expect(() => firstSecrets(source, { dialect: 'standard', signingSecret: 'short' }, NOW)).toThrow(
      /signing_secret must/,
    );
  });
});
