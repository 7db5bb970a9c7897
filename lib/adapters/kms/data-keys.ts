import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { ServiceFault } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';

/** A key that seals secrets, and the form in which only KMS can read it (base64url). */
export interface DataKey {
  plain: Uint8Array;
  wrapped: string;
}

/** How long and how many times one data key seals. */
const SEALS_FOR_MS = 5 * 60_000;
const MAX_SEALS = 1000;

/** How long and how many unwrapped keys are cached; the least recently used is dropped first. */
const KEPT_FOR_MS = 10 * 60_000;
const MAX_KEPT = 1000;

/**
 * The same for all secrets, because one data key seals many. It marks the wrapped keys as Postrider's in the audit trail of
 * KMS. AES-GCM binds each secret to its own context.
 */
const ENCRYPTION_CONTEXT = { service: 'postrider' };

/** KMS's errors for a wrapped key that another KMS key wrapped: a retry does not help. */
const NOT_OURS = new Set(['InvalidCiphertextException', 'IncorrectKeyException', 'ValidationException']);

interface Kept<T> {
  value: Promise<T>;
  until: number;
}

/** Data keys of KMS, cached so that not every seal and open calls KMS. Concurrent callers share one call. */
export class DataKeys {
  readonly #client: KMSClient;
  readonly #keyId: string;
  readonly #clock: Clock;
  #current: (Kept<DataKey> & { sealsLeft: number }) | undefined;
  /** In the order of their last use: a Map keeps the order of insertion. */
  readonly #unwrapped = new Map<string, Kept<Uint8Array>>();

  constructor(client: KMSClient, keyId: string, clock: Clock) {
    this.#client = client;
    this.#keyId = keyId;
    this.#clock = clock;
  }

  /** A key to seal one secret with. */
  forSealing(): Promise<DataKey> {
    let current = this.#current;
    if (!current || current.sealsLeft === 0 || current.until <= this.#clock.now()) {
      current = { value: this.#generate(), until: this.#clock.now() + SEALS_FOR_MS, sealsLeft: MAX_SEALS };
      this.#current = current;
      // A failure is not cached: the next caller asks again.
      current.value.catch(() => (this.#current = undefined));
    }
    current.sealsLeft -= 1;
    return current.value;
  }

  /** @throws Error when it was wrapped by another KMS key, or changed */
  unwrap(wrapped: string): Promise<Uint8Array> {
    const kept = this.#unwrapped.get(wrapped);
    if (kept && kept.until > this.#clock.now()) {
      this.#unwrapped.delete(wrapped);
      this.#unwrapped.set(wrapped, kept);
      return kept.value;
    }
    const value = this.#decrypt(wrapped);
    this.#keep(wrapped, value);
    value.catch(() => this.#unwrapped.delete(wrapped));
    return value;
  }

  #keep(wrapped: string, value: Promise<Uint8Array>): void {
    this.#unwrapped.delete(wrapped);
    this.#unwrapped.set(wrapped, { value, until: this.#clock.now() + KEPT_FOR_MS });
    const [oldest] = this.#unwrapped.keys();
    if (this.#unwrapped.size > MAX_KEPT && oldest !== undefined) this.#unwrapped.delete(oldest);
  }

  async #generate(): Promise<DataKey> {
    const command = new GenerateDataKeyCommand({
      KeyId: this.#keyId,
      KeySpec: 'AES_256',
      EncryptionContext: ENCRYPTION_CONTEXT,
    });
    const { Plaintext, CiphertextBlob } = await asFault('GenerateDataKey', () => this.#client.send(command));
    if (!Plaintext || !CiphertextBlob) throw new ServiceFault('KMS GenerateDataKey returned no key.');
    const wrapped = Buffer.from(CiphertextBlob).toString('base64url');
    this.#keep(wrapped, Promise.resolve(Plaintext));
    return { plain: Plaintext, wrapped };
  }

  async #decrypt(wrapped: string): Promise<Uint8Array> {
    const command = new DecryptCommand({
      KeyId: this.#keyId,
      CiphertextBlob: Buffer.from(wrapped, 'base64url'),
      EncryptionContext: ENCRYPTION_CONTEXT,
    });
    const { Plaintext } = await asFault('Decrypt', () => this.#client.send(command));
    if (!Plaintext) throw new ServiceFault('KMS Decrypt returned no key.');
    return Plaintext;
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
