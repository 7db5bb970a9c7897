import { describeHistories } from '../describe-histories.ts';

describeHistories({ from: 1_001, to: 1_500 });
