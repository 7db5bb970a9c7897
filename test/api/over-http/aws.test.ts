import { describeAuditing } from './audit-log.ts';
import { describeCanaries } from './canaries.ts';
import { describeCrowds } from './crowds.ts';
import { describeDeletedPayloads } from './deleted-payloads.ts';
import { describeEveryRoute } from './every-route.ts';
import { describeSecondFactor } from './second-factor.ts';
import { startAws } from './target.ts';

describeEveryRoute('functions over emulators', startAws);
describeSecondFactor('functions over emulators', startAws);
describeAuditing('functions over emulators', startAws);
describeCanaries('functions over emulators', startAws);
describeDeletedPayloads('functions over emulators', startAws);
describeCrowds('functions over emulators', startAws);
