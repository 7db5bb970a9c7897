import { readFileSync, statSync } from 'node:fs';
import { deriveApiKey } from '../../adapters/key-file/secret-box.ts';
import { replaceDurably } from '../../adapters/key-file/durable-file.ts';
import { API_KEY_BYTES, hashApiKey, newApiKey, shownPrefix } from '../../api/auth/api-key.ts';
import { SCOPES } from '../../api/auth/scopes.ts';
import { newId } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';

type KeyPorts = Pick<Ports, 'apiKeys' | 'clock' | 'random'>;

interface BootstrapKeyOptions {
  /** Where the key stands, one line; undefined: nowhere, and each start makes a new one. */
  file: string | undefined;
  /** The deployment's key. Folders of older versions have a platform key that was derived from it. */
  secretsKey: Uint8Array;
  /** Make a new one, and end the old one. */
  renew: boolean;
}

const OTHERS = 0o077;
const KEY = /^prk_[\x21-\x7e]{1,256}$/;

/**
 * The platform key of an embedded service, with every scope and bound to no tenant. It is random, so that it can be
 * changed without touching what seals the secrets; the file has it in clear, the store its hash.
 * @throws Error when the file holds no key
 */
export async function openBootstrapKey(ports: KeyPorts, options: BootstrapKeyOptions): Promise<string> {
  const inFile = readKey(options.file);
  const old = inFile ?? (await derivedKey(ports, options.secretsKey));
  const key = old === undefined || options.renew ? newKey(ports) : old;
  // In this order: a key that works is always in the file.
  await putKey(ports, key, SCOPES);
  if (options.file !== undefined && key !== inFile) replaceDurably(options.file, `${key}\n`);
  if (old !== undefined && old !== key) await putKey(ports, old, []);
  return key;
}

function readKey(file: string | undefined): string | undefined {
  const text = file === undefined ? undefined : readIfThere(file)?.trim();
  if (
    file !== undefined &&
    text !== undefined &&
    process.platform !== 'win32' &&
    (statSync(file).mode & OTHERS) !== 0
  ) {
    throw new Error(`Others can read the API key in ${file}: run "chmod 600 ${file}", and start with --new-key.`);
  }
  if (text === undefined || KEY.test(text)) return text;
  throw new Error(`The file ${file} must contain an API key (prk_…): delete it, and the next start makes a new key.`);
}

/** Of an older folder, as long as it works: nobody has to change their key because of a new version. */
async function derivedKey({ apiKeys }: KeyPorts, secretsKey: Uint8Array): Promise<string | undefined> {
  const derived = deriveApiKey(secretsKey);
  const known = await apiKeys.find(hashApiKey(derived));
  return known && known.scopes.length > 0 ? derived : undefined;
}

function newKey({ random }: KeyPorts): string {
  return newApiKey(random.bytes(API_KEY_BYTES));
}

/** Written at each start: a newer version may have more scopes. A key without scopes may do nothing. */
async function putKey({ apiKeys, clock, random }: KeyPorts, key: string, scopes: readonly string[]): Promise<void> {
  const hash = hashApiKey(key);
  const known = await apiKeys.find(hash);
  const now = clock.now();
  await apiKeys.put({
    id: newId('key', { now: () => now, fraction: () => random.fraction() }),
    createdAt: now,
    ...known,
    hash,
    name: 'bootstrap',
    prefix: shownPrefix(key),
    scopes,
  });
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
