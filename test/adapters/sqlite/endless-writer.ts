import { openSqliteStore } from '../../../lib/adapters/sqlite/store.ts';
import { systemClock } from '../../../lib/adapters/system/system-clock.ts';

/** Writes API keys into the store named on the command line, eight at a time, and prints the hash of each kept one. */
const store = openSqliteStore({ path: process.argv[2] ?? '', clock: systemClock });

async function writeForever(writer: number): Promise<never> {
  for (let n = 0; ; n += 1) {
    const hash = `${writer}-${n}`;
    await store.apiKeys.put({ hash, id: 'key_1', scopes: [], createdAt: n });
    console.log(hash);
  }
}

await Promise.all(Array.from({ length: 8 }, (_, writer) => writeForever(writer)));
