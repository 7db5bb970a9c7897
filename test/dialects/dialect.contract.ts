import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Dialect, RenderedRequest, RenderInput } from '../../lib/dialects/dialect.ts';
import { delaysOf } from '../../lib/dialects/retry-presets.ts';
import { framingHeader, reservedHeader } from '../../lib/domain/header-policy.ts';
import { MAX_DELAYS, MAX_SCHEDULE_SECONDS } from '../../lib/domain/retry-schedule.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { EVENTS, inputOf } from './render-inputs.ts';

const HOUR = 3_600_000;

/**
 * A platform's customer: does it accept this request as signed with the secret? Write it with the platform's library or
 * from its documentation, never with the dialect's own code.
 * @param url where the request was sent
 */
export type Receiver = (request: RenderedRequest & { url: string }, secret: string) => boolean;

/** The promises of every dialect. @param accepts absent for messages to chats, which are not signed */
export function describeDialect(name: string, dialect: Dialect, accepts?: Receiver): void {
  const secret = dialect.newSecret(new SeededRandom(1));
  const other = dialect.newSecret(new SeededRandom(2));
  const send = async (input: RenderInput) => ({ ...(await dialect.render(input)), url: input.url });

  // A customer's library refuses timestamps that are far from its own clock.
  beforeEach(() => void vi.setSystemTime(inputOf(EVENTS[0], [secret]).now));
  afterEach(() => void vi.useRealTimers());

  if (accepts) describeSignatures(accepts);

  function describeSignatures(isAccepted: Receiver): void {
    describe(`dialect ${name}: signatures`, () => {
      test.each(EVENTS)('its customers accept $type', async (event) => {
        expect(isAccepted(await send(inputOf(event, [secret])), secret)).toBe(true);
      });

      test('its customers notice when any byte of the body has changed', async () => {
        for (const event of EVENTS) {
          const request = await send(inputOf(event, [secret]));
          const missed = [...request.body.keys()].filter((index) =>
            isAccepted({ ...request, body: withOtherByte(request.body, index) }, secret),
          );
          expect(missed).toEqual([]);
        }
      });

      test('its customers accept no request that was signed with another secret', async () => {
        expect(isAccepted(await send(inputOf(EVENTS[0], [other])), secret)).toBe(false);
      });

      test('during a rotation its customers accept the newest secret', async () => {
        expect(isAccepted(await send(inputOf(EVENTS[0], [secret, other])), secret)).toBe(true);
      });
    });
  }

  describe(`dialect ${name}: requests`, () => {
    test.each(EVENTS)('the same input gives the same request, whenever it is rendered: $type', async (event) => {
      const input = inputOf(event, [secret]);
      const request = await send(structuredClone(input));
      vi.setSystemTime(Date.now() + HOUR);
      expect(await send(input)).toEqual(request);
    });

    test('the body is the same on every attempt', async () => {
      const input = inputOf(EVENTS[0], [secret]);
      const later = { ...input, now: input.now + HOUR };
      expect((await send(later)).body).toEqual((await send(input)).body);
    });

    test.each(EVENTS)('the body is JSON, and says so: $type', async (event) => {
      const { headers, body } = await send(inputOf(event, [secret]));
      expect(headers['content-type']).toMatch(/^application\/json(;|$)/);
      const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
      expect(JSON.parse(text)).toBeTypeOf('object');
    });
  });

  describe(`dialect ${name}: headers`, () => {
    test.each(EVENTS)('tenants can set no header that it sets, and the sender drops none: $type', async (event) => {
      const { headers } = await send(inputOf(event, [secret, other]));
      const names = Object.keys(headers);
      expect(names.filter((header) => !reservedHeader(header, dialect.reservedHeaders))).toEqual([]);
      expect(names.filter(framingHeader)).toEqual([]);
    });

    test.each(EVENTS)('names are in lower case and values can be written: $type', async (event) => {
      const { headers } = await send(inputOf(event, [secret, other]));
      for (const [header, value] of Object.entries(headers)) {
        expect(header).toMatch(/^[a-z0-9-]+$/);
        expect(value).toMatch(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/);
      }
    });

    test('what it reserves is a name in lower case, or the beginning of one', () => {
      for (const pattern of dialect.reservedHeaders) expect(pattern).toMatch(/^[a-z0-9-]+\*?$/);
    });
  });

  describe(`dialect ${name}: secrets`, () => {
    test('it accepts the secrets that it makes', () => {
      for (let seed = 0; seed < 100; seed += 1) {
        const made = dialect.newSecret(new SeededRandom(seed));
        expect(dialect.refuseSecret(made), made).toBeUndefined();
        // The API takes secrets of at most 256 characters: one that was shown can be brought again.
        expect(made).toMatch(/^[\x21-\x7e]{24,256}$/);
      }
    });

    test('other random bytes make another secret', () => {
      const secrets = Array.from({ length: 100 }, (_, seed) => dialect.newSecret(new SeededRandom(seed)));
      expect(new Set(secrets).size).toBe(secrets.length);
    });

    test.each(['', 'grün', 'two\nlines'])('it refuses %j, and says what to do without repeating it', (bad) => {
      const problem = dialect.refuseSecret(bad);
      expect(problem).toMatch(/^must .*[^.]$/);
      if (bad !== '') expect(problem).not.toContain(bad);
    });
  });

  describe(`dialect ${name}: retries`, () => {
    test('its name is a retry preset: its own schedule', () => {
      expect(delaysOf({ preset: name })).toEqual(dialect.retryDelays);
    });

    test('its schedule keeps to the bounds of an endpoint’s own', () => {
      const { retryDelays } = dialect;
      expect(retryDelays.filter((delay) => !Number.isInteger(delay) || delay < 1)).toEqual([]);
      expect(retryDelays.length).toBeLessThanOrEqual(MAX_DELAYS);
      expect(retryDelays.reduce((sum, delay) => sum + delay, 0)).toBeLessThanOrEqual(MAX_SCHEDULE_SECONDS);
    });
  });
}

function withOtherByte(body: Uint8Array, index: number): Uint8Array {
  return body.map((byte, at) => (at === index ? byte ^ 1 : byte));
}
