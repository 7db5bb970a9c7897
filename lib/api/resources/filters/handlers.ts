import { explainMismatch } from '../../../domain/filter/explain.ts';
import type { HandlersOf } from '../../handler.ts';
import type { filterRoutes } from './routes.ts';

const MAX_FOUND = 1000;

export const filterHandlers: HandlersOf<typeof filterRoutes, 'account'> = {
  'filters.test': async ({ body }) => {
    const mismatch = explainMismatch(body.filter as object, body.data);
    if (!mismatch) return { matches: true, mismatch: null };
    return {
      matches: false,
      mismatch: { ...mismatch, found: mismatch.found?.slice(0, MAX_FOUND).toWellFormed() ?? null },
    };
  },
};
