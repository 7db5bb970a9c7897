import type { HandlersOf } from '../handler.ts';
import { openApi } from '../openapi.ts';

let document: ReturnType<typeof openApi> | undefined;

export const accountHandlers: HandlersOf<'account'> = {
  'account.health': async () => ({ status: 'ok' }),
  'account.openapi': async () => (document ??= openApi()),
};
