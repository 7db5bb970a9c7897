import { describeHistories } from '../describe-histories.ts';

describeHistories({ from: 1, to: 500 });
