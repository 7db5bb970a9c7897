import { summarizeRetries } from '../../../pipeline/manual/waiting-retries.ts';
import type { HandlersOf } from '../../handler.ts';
import type { retryRoutes } from './routes.ts';
import { summaryJson } from './view.ts';

export const retryReadHandlers: HandlersOf<typeof retryRoutes, 'history', 'clock' | 'deliveries'> = {
  'retries.summary': async (_, { ports, tenantId }) => summaryJson(await summarizeRetries(ports, tenantId)),
};
