import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Caller, newTenant } from './caller.ts';
import type { Target } from './target.ts';

const CROWD = 20;
const URL = 'https://example.com/hooks';

/** Calls of one tenant that change the same things at the same moment are all made, one after another. */
export function describeCrowds(name: string, start: () => Promise<Target>): void {
  describe(`calls at the same moment, ${name}`, () => {
    let target: Target;
    beforeAll(async () => {
      target = await start();
    }, 60_000);
    afterAll(() => target.stop(), 60_000);

    const atOnce = (call: (n: number) => Promise<Answer>) =>
      Promise.all(Array.from({ length: CROWD }, (_, n) => call(n)));
    const statuses = (answers: readonly Answer[]) => [...new Set(answers.map(({ status }) => status))];
    const matchedBy = async (caller: Caller, type: string) =>
      (await caller.make('POST', '/v1/events', { type, data: {} })).deliveries as number;

    it(`${CROWD} creations of one tenant all succeed, and the next event is matched with each`, async () => {
      const caller = await newTenant(target);
      const body = (n: number) => ({ url: URL, events: ['*'], label: `${n}` });
      const answers = await atOnce((n) => caller.send({ method: 'POST', path: '/v1/endpoints', body: body(n) }));
      expect(statuses(answers)).toEqual([201]);
      expect(await matchedBy(caller, 'task.completed')).toBe(CROWD);
    });

    it(`${CROWD} edits of one endpoint all succeed, and the next event is matched with the last of them`, async () => {
      const caller = await newTenant(target);
      const { id } = await caller.make('POST', '/v1/endpoints', { url: URL, events: ['*'] });
      const path = `/v1/endpoints/${id}`;
      const answers = await atOnce((n) => caller.send({ method: 'PATCH', path, body: { events: [`edit.n${n}`] } }));
      expect(statuses(answers)).toEqual([200]);
      const { events } = await caller.make('GET', path);
      const numbers = Array.from({ length: CROWD }, (_, n) => n);
      const matched = await Promise.all(numbers.map((n) => matchedBy(caller, `edit.n${n}`)));
      expect(numbers.filter((n) => matched[n] === 1).map((n) => `edit.n${n}`)).toEqual(events);
    });

    it(`${CROWD} rotations of one endpoint’s secret all succeed`, async () => {
      const caller = await newTenant(target);
      const { id } = await caller.make('POST', '/v1/endpoints', { url: URL, events: ['*'] });
      const path = `/v1/endpoints/${id}/rotate-secret`;
      const answers = await atOnce(() => caller.send({ method: 'POST', path, body: { overlap_seconds: 0 } }));
      expect(statuses(answers)).toEqual([200]);
    });
  });
}
