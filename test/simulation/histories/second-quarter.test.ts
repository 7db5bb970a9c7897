import { describeHistories } from '../describe-histories.ts';

describeHistories({ from: 501, to: 1_000 });
