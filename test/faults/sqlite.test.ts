import { isLong } from '../support/extent.ts';
import type { PortCall } from '../support/fault-injection.ts';
import { World } from '../support/world.ts';
import { alertScenarios } from './alert-scenarios.ts';
import type { Backend } from './backend.ts';
import { describeMatching } from './matching.ts';
import { manualScenarios } from './manual-scenarios.ts';
import { describeCrashPoints, ofEachMethod } from './crash-points.ts';
import { deliveryScenarios } from './delivery-scenarios.ts';
import { endpointScenarios } from './endpoint-scenarios.ts';
import { fanOutScenarios } from './fan-out-scenarios.ts';
import { keyedScenarios } from './keyed-scenarios.ts';
import { pollScenarios } from './poll-scenarios.ts';
import { describeRaces } from './races.ts';
import { describeRotations } from './rotations.ts';
import { sourceScenarios } from './source-scenarios.ts';
import { sweepScenarios } from './sweep-scenarios.ts';
import { tenantScenarios } from './tenant-scenarios.ts';

/** Reading minutes in which nothing was ever due takes a third of the time, and finds nothing. */
const skipEmptyMinutes = () => ({});

const sqlite: Backend = {
  async open(settings) {
    const world = new World(1, settings, isLong ? undefined : skipEmptyMinutes);
    return { world, close: async () => world.close() };
  },
  crashPoints: isLong ? everyCall : (calls) => ofEachMethod(calls, (nth, all) => nth === 0 || nth === all - 1),
  timeoutMs: 60_000,
};

/** All of them; of a run of reads of the due index only the first and the last, because those between change nothing. */
function everyCall(calls: readonly PortCall[]): PortCall[] {
  const isWalk = (call: PortCall | undefined) => call?.port === 'due' && call.method === 'page';
  return calls.filter((call, index) => !(isWalk(calls[index - 1]) && isWalk(call) && isWalk(calls[index + 1])));
}

/** Two weeks of sweeps, and two more after a crash. */
const TAKES_LONG = 'what is held until it expires';

const scenarios = [
  ...deliveryScenarios,
  ...endpointScenarios,
  ...fanOutScenarios,
  ...keyedScenarios,
  ...manualScenarios,
  ...pollScenarios,
  ...sourceScenarios,
  ...sweepScenarios,
  ...tenantScenarios,
  ...alertScenarios,
];
describeCrashPoints(
  sqlite,
  scenarios.filter(({ name }) => isLong || name !== TAKES_LONG),
);

describeMatching(sqlite);
describeRaces(sqlite);
describeRotations(sqlite);
