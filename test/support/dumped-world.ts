import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDynamoStore } from '../../lib/adapters/dynamodb/store.ts';
import { openSqliteStore } from '../../lib/adapters/sqlite/store.ts';
import { type Emulator, createTables } from './aws-emulators.ts';
import { dumpOfFile, dumpOfTables } from './dumps.ts';
import { World } from './world.ts';

/** A world whose stores can be read as a whole. */
export interface DumpedWorld {
  world: World;
  dump(): Promise<string>;
  /** Where a text is stored: tables of the file, or the first words of partition keys. */
  placesOf(text: string): Promise<string[]>;
  close(): Promise<void>;
}

export type OpenDumped = () => Promise<DumpedWorld>;

/** The embedded store, in a file. */
export async function openOnFile(): Promise<DumpedWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-erasure-'));
  const path = join(folder, 'store');
  let closeFile = () => {};
  const world = new World(1, {}, (clock) => {
    const store = openSqliteStore({ path, clock });
    closeFile = () => store.close();
    return store;
  });
  const close = async () => {
    world.close();
    closeFile();
    rmSync(folder, { recursive: true });
  };
  const placesOf = async (text: string) =>
    (JSON.parse(dumpOfFile(path)) as [string, unknown[]][])
      .filter(([, rows]) => JSON.stringify(rows).includes(text))
      .map(([table]) => table);
  return { world, dump: async () => dumpOfFile(path), placesOf, close };
}

/** DynamoDB's tables, and sqlite's queues. */
export async function openOnTables(dynamo: Emulator): Promise<DumpedWorld> {
  const { client, names, remove } = await createTables(dynamo.connection, dynamo.direct);
  const world = new World(1, {}, (clock, random) => openDynamoStore({ client, tables: names, clock, random }));
  const close = async () => {
    world.close();
    await remove();
  };
  const dump = () => dumpOfTables(client, Object.values(names));
  const placesOf = async (text: string) => {
    const items = (JSON.parse(await dump()) as { pk: string }[][]).flat();
    const found = items.filter((item) => JSON.stringify(item).includes(text));
    return [...new Set(found.map(({ pk }) => pk.split('#')[0] as string))];
  };
  return { world, dump, placesOf, close };
}
