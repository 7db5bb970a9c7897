import { lockFolder } from '../../../../lib/adapters/sqlite/database/folder-lock.ts';

/** Holds the folder named on the command line until it is killed. */
lockFolder(process.argv[2] ?? '');
console.log('locked');
setInterval(() => undefined, 60_000);
