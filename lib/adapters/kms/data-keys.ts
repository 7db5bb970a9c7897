import { type KeyObject, createSecretKey } from 'node:crypto';
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { ServiceFault } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DataKeyStore } from '../../ports/data-key-store.ts';

/** A key that seals secrets, and the form in which only KMS can read it (base64url). */
export interface DataKey {
  plain: KeyObject;
  wrapped: string;
}

/** How many unwrapped keys a process keeps; the least recently used is dropped first. */
const MAX_KEPT = 1000;

/**
 * The same for all secrets, because one data key seals many. It marks the wrapped keys as Postrider's in the audit trail of
 * KMS. AES-GCM binds each secret to its own context.
 */
const ENCRYPTION_CONTEXT = { service: 'postrider' };

/** KMS's errors for a wrapped key that another KMS key wrapped: a retry does not help. */
const NOT_OURS = new Set(['InvalidCiphertextException', 'IncorrectKeyException', 'ValidationException']);

export interface DataKeysOptions {
  /** From `createKmsClient`, once per process. */
  client: KMSClient;
  /** The id, ARN or alias ARN of a symmetric KMS key. */
  keyId: string;
  dataKeys: DataKeyStore;
  clock: Clock;
}

/**
 * The data keys of a deployment: one a month (UTC), which all processes seal with. A process calls KMS once for each key
 * that it meets, and keeps it for as long as it lives. Concurrent callers share one call.
 */
export class DataKeys {
  readonly #client: KMSClient;
  readonly #keyId: string;
  readonly #store: DataKeyStore;
  readonly #clock: Clock;
  #current: { period: string; key: Promise<DataKey> } | undefined;
  /** In the order of their last use: a Map keeps the order of insertion. */
  readonly #unwrapped = new Map<string, Promise<KeyObject>>();

  constructor({ client, keyId, dataKeys, clock }: DataKeysOptions) {
    this.#client = client;
    this.#keyId = keyId;
    this.#store = dataKeys;
    this.#clock = clock;
  }

  /** A key to seal one secret with. */
  forSealing(): Promise<DataKey> {
    const period = new Date(this.#clock.now()).toISOString().slice(0, 'yyyy-mm'.length);
    if (this.#current?.period === period) return this.#current.key;
    const current = { period, key: this.#keyOf(period) };
    this.#current = current;
    // A failure is not cached: the next caller asks again.
    current.key.catch(() => {
      if (this.#current === current) this.#current = undefined;
    });
    return current.key;
  }

  /** @throws Error when it was wrapped by another KMS key, or changed */
  unwrap(wrapped: string): Promise<KeyObject> {
    const kept = this.#unwrapped.get(wrapped);
    const value = kept ?? this.#decrypt(wrapped);
    this.#keep(wrapped, value);
    if (!kept) value.catch(() => this.#unwrapped.delete(wrapped));
    return value;
  }

  #keep(wrapped: string, value: Promise<KeyObject>): void {
    this.#unwrapped.delete(wrapped);
    this.#unwrapped.set(wrapped, value);
    const [oldest] = this.#unwrapped.keys();
    if (this.#unwrapped.size > MAX_KEPT && oldest !== undefined) this.#unwrapped.delete(oldest);
  }

  async #keyOf(period: string): Promise<DataKey> {
    const stored = await this.#store.find(period);
    // Of the processes that make one at the same time, the first decides: the others unwrap its key.
    const wrapped = stored ?? (await this.#store.keepUnlessThere(period, await this.#generate()));
    return { plain: await this.unwrap(wrapped), wrapped };
  }

  /** @returns the wrapped key */
  async #generate(): Promise<string> {
    const command = new GenerateDataKeyCommand({
      KeyId: this.#keyId,
      KeySpec: 'AES_256',
      EncryptionContext: ENCRYPTION_CONTEXT,
    });
    const { Plaintext, CiphertextBlob } = await asFault('GenerateDataKey', () => this.#client.send(command));
    if (!Plaintext || !CiphertextBlob) throw new ServiceFault('KMS GenerateDataKey returned no key.');
    const wrapped = Buffer.from(CiphertextBlob).toString('base64url');
    this.#keep(wrapped, Promise.resolve(createSecretKey(Plaintext)));
    return wrapped;
  }

  async #decrypt(wrapped: string): Promise<KeyObject> {
    const command = new DecryptCommand({
      KeyId: this.#keyId,
      CiphertextBlob: Buffer.from(wrapped, 'base64url'),
      EncryptionContext: ENCRYPTION_CONTEXT,
    });
    const { Plaintext } = await asFault('Decrypt', () => this.#client.send(command));
    if (!Plaintext) throw new ServiceFault('KMS Decrypt returned no key.');
    return createSecretKey(Plaintext);
  }
}

async function asFault<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : 'unknown';
    if (NOT_OURS.has(name)) throw new Error(`KMS ${what} refused: ${name}`, { cause });
    throw new ServiceFault(`KMS ${what} failed: ${name}`, { cause });
  }
}
