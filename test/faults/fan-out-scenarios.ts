import { openEndpoints } from '../support/many-endpoints.ts';
import type { Scenario } from './crash-points.ts';

const HOUR = 3_600_000;

export const fanOutScenarios: Scenario[] = [
  {
    name: 'one event to more endpoints than it holds itself, one of them dead',
    settings: { inlineEndpoints: 3, endpointsPerPage: 3 },
    prepare: async (world) => [
      ...(await openEndpoints(world, 7)),
      await world.endpointAnswering(503, { retry: { delays: [1] } }),
    ],
    async *work(world, process) {
      yield (await process.ingest(world.request('task.completed', 'key-1'))).id;
      await world.run(process, 2 * HOUR);
    },
  },
];
