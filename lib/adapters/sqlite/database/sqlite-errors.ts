import { ServiceFault } from '../../../domain/errors.ts';

/** sqlite.org/rescode.html; the bytes above the first one say more of it. */
const SQLITE_BUSY = 5;
const FIRST_BYTE = 0xff;

/** Wraps an error of SQLite in a ServiceFault, as its cause. Returns every other error unchanged. */
export function asFault(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'ERR_SQLITE_ERROR') return new ServiceFault(`SQLite: ${error.message}`, { cause: error });
  if (error.code === 'ERR_INVALID_STATE') return new ServiceFault('The store is closed.', { cause: error });
  return error;
}

/** Is another connection at work that keeps this one out? */
export function isBusy(error: unknown): boolean {
  if (!(error instanceof Error && 'errcode' in error)) return false;
  return typeof error.errcode === 'number' && (error.errcode & FIRST_BYTE) === SQLITE_BUSY;
}
