import type { HandlersOf } from '../../handler.ts';
import type { opsRoutes } from './routes.ts';
import { settingsJson } from './settings-view.ts';

export const opsHandlers: HandlersOf<typeof opsRoutes, 'account'> = {
  'ops.settings': async (_, { settings }) => ({ data: settingsJson(settings) }),
};
