import { Skip } from '../deployment.ts';
import { type Proof, pass } from '../row.ts';

const DAY = 24 * 3_600_000;

export const filtersMatch: Proof = {
  name: 'filters-match',
  claim: "The filter patterns match Postrider's lines in Lambda's JSON log format",
  async prove(deployment) {
    const since = deployment.machine.now() - DAY;
    const matched = await deployment.lines('Dispatch', '{ $.event = "dispatch.attempt" }', since);
    if (matched.length > 0) return pass(`${matched.length} lines dispatch.attempt of a day`);
    throw new Skip('no attempt was logged within a day: the rows hidden-by-us and long-hiding make some');
  },
};
