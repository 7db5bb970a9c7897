import { describeAuditing } from './audit-log.ts';
import { describeCanaries } from './canaries.ts';
import { describeCrowds } from './crowds.ts';
import { describeDeletedPayloads } from './deleted-payloads.ts';
import { describeEveryRoute } from './every-route.ts';
import { describeSecondFactor } from './second-factor.ts';
import { startLocal } from './target.ts';

describeEveryRoute('in one process', startLocal);
describeSecondFactor('in one process', startLocal);
describeAuditing('in one process', startLocal);
describeCanaries('in one process', startLocal);
describeDeletedPayloads('in one process', startLocal);
describeCrowds('in one process', startLocal);
