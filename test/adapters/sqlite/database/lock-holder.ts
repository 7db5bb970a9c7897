import { lockFolder } from '../../../../lib/adapters/sqlite/database/folder-lock.ts';

/** Holds the folder named on the command line until it is killed, and keeps nothing of the lock itself. */
lockFolder(process.argv[2] ?? '');
globalThis.gc?.();
setImmediate(() => console.log('locked'));
setInterval(() => undefined, 60_000);
