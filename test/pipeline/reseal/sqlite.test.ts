import { openOnFile } from '../../support/dumped-world.ts';
import { describeReseal } from './reseal.ts';

describeReseal('sqlite', openOnFile);
