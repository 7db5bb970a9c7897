import { describe } from 'vitest';
import { aws } from '../../e2e/aws.ts';
import { isLong } from '../../support/extent.ts';
import { describeListening } from './suite.ts';

// Beside other suites the emulators are too slow for what a person would wait for.
describe.runIf(isLong)('on AWS’s emulators', () => describeListening(aws));
