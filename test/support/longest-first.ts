import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Their files take from half a minute to some minutes each. */
const LONG = /\/test\/(faults|simulation|e2e|console|api\/fuzz|api\/over-http)\//;

/** Starts the long files first, also in a new clone that knows no times yet: none is left for a single core at the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- not an array's
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
