import { describeHistories } from '../describe-histories.ts';

describeHistories({ from: 1_501, to: 2_000 });
