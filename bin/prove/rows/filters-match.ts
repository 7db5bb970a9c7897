import { Skip } from '../deployment.ts';
import { type Proof, verdict } from '../row.ts';

const DAY = 24 * 3_600_000;

export const filtersMatch: Proof = {
  name: 'filters-match',
  claim: "The filter patterns match Postrider's lines in Lambda's JSON log format",
  async prove(deployment) {
    const since = deployment.machine.now() - DAY;
    const matched = await deployment.lines('Dispatch', '{ $.event = "dispatch.attempt" }', since);
    const others = matched.filter((line) => !line.includes('dispatch.attempt')).length;
    const seen = `${matched.length} lines of a day, ${others} of them not dispatch.attempt`;
    if (matched.length > 0) return verdict(others === 0, seen);
    throw new Skip('no attempt was logged within a day: the rows hidden-by-us and long-hiding make some');
  },
};
