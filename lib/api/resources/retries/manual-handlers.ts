import { runDueRetries } from '../../../pipeline/manual/waiting-retries.ts';
import type { HandlersOf } from '../../handler.ts';
import type { retryRoutes } from './routes.ts';

export const retryManualHandlers: HandlersOf<typeof retryRoutes, 'endpoints', 'clock' | 'deliveries' | 'queues'> = {
  'retries.run': ({ query }, { ports, tenantId }) => runDueRetries(ports, tenantId, query.limit),
};
