import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { replaceDurably } from '../../adapters/key-file/durable-file.ts';

const ADDRESS_FILE = 'address';
/** Addresses that mean every one of a machine: it is reached from there by the loopback one. */
const EVERY_ADDRESS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '[::]': '[::1]' };

/**
 * Writes into the data folder where the service of the folder is reached from this machine, so that the command line finds
 * it on any port. A killed service leaves it behind, and the next one replaces it.
 * @param dataDir an absolute path; `:memory:`: nothing is written
 * @returns removes it
 */
export function writeAddress(dataDir: string, url: string): () => void {
  if (dataDir === ':memory:') return () => {};
  const address = new URL(url);
  address.hostname = EVERY_ADDRESS[address.hostname] ?? address.hostname;
  const file = join(dataDir, ADDRESS_FILE);
  replaceDurably(file, `${address.origin}\n`);
  return () => rmSync(file, { force: true });
}
