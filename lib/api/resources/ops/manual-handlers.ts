import { redriveDeadLetters } from '../../../pipeline/manual/redrive.ts';
import type { HandlersOf } from '../../handler.ts';
import type { opsRoutes } from './routes.ts';
import { redrivenJson } from './view.ts';

export const opsManualHandlers: HandlersOf<typeof opsRoutes, 'endpoints', 'queues'> = {
  'ops.redrive': async ({ params, body }, { ports }) =>
    redrivenJson(await redriveDeadLetters(ports.queues, params.queue, body.limit), body.limit),
};
