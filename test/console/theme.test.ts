import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Theme, applyTheme, contrast } from '../../console/src/session/theme.ts';

const PLAIN: Theme = { name: null, logo: null, accent: null, radius: null, font: null, mode: null };
const ENOUGH = 4.5;

/** What tokens.css has below links and chosen things. */
const LIGHT_SURFACES = ['#fbfaf8', '#ffffff', '#f3f1ed'];
const DARK_SURFACES = ['#131417', '#1a1c20', '#101114', '#212429', '#1d2340'];

function applied(theme: Partial<Theme>): Map<string, string> {
  const set = new Map<string, string>();
  applyTheme({ ...PLAIN, ...theme }, { setProperty: (name, value) => set.set(name, value) });
  return set;
}

const rgb = (hex: string) =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number, number];
const pair = (value = '') => [...value.matchAll(/#[\da-f]{6}/g)].map(([hex]) => hex) as [string, string];

test('whatever accent a platform sets, links and what stands on it can be read, by day and by night', () => {
  const colour = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255));
  fc.assert(
    fc.property(colour, (parts) => {
      const set = applied({ accent: `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}` });
      const [light, dark] = pair(set.get('--accent'));
      const [onLight, onDark] = pair(set.get('--on-accent'));
      const [wash] = pair(set.get('--accent-wash'));
      for (const surface of [...LIGHT_SURFACES, wash]) {
        expect(contrast(rgb(light), rgb(surface)), `${light} on ${surface}`).toBeGreaterThanOrEqual(ENOUGH);
      }
      for (const surface of DARK_SURFACES) {
        expect(contrast(rgb(dark), rgb(surface)), `${dark} on ${surface}`).toBeGreaterThanOrEqual(ENOUGH);
      }
      expect(contrast(rgb(light), rgb(onLight))).toBeGreaterThanOrEqual(ENOUGH);
      expect(contrast(rgb(dark), rgb(onDark))).toBeGreaterThanOrEqual(ENOUGH);
    }),
    { numRuns: 2000 },
  );
});

test('an accent that can be read as it is stays as it is', () => {
  expect(applied({ accent: '#0a5c46' }).get('--accent')).toMatch(/^light-dark\(#0a5c46, /);
});

test('a theme without settings changes nothing, and one with a radius or a font changes that alone', () => {
  expect(applied({})).toEqual(new Map());
  expect([...applied({ radius: 2 }).keys()]).toEqual(['--radius']);
  expect([...applied({ font: 'Inter' }).keys()]).toEqual(['--sans']);
});
