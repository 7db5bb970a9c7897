import type { HandlersOf } from '../../handler.ts';
import type { serviceRoutes } from './routes.ts';
import type { OpenApiDocument } from './schemas.ts';

/** @param describe makes the OpenAPI document: once, when it is first asked for */
export function serviceHandlers(describe: () => OpenApiDocument): HandlersOf<typeof serviceRoutes, 'account'> {
  let document: OpenApiDocument | undefined;
  return {
    'account.health': async () => ({ status: 'ok' }),
    'account.openapi': async () => (document ??= describe()),
  };
}
