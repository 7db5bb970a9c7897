import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import {
  DecryptCommand,
  type DecryptCommandInput,
  GenerateDataKeyCommand,
  type GenerateDataKeyCommandInput,
  InvalidCiphertextException,
  KMSClient,
} from '@aws-sdk/client-kms';
import { type AwsClientStub, mockClient } from 'aws-sdk-client-mock';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** With it the length is no multiple of 3, like that of a real blob. */
const HEADER = Buffer.from([1]);

/** A KMS with one key, in this process: it wraps data keys with AES-GCM, bound to their encryption context. */
export class TestKms {
  readonly client = new KMSClient({ region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  /** Every call can be seen here, and made to fail. */
  readonly calls: AwsClientStub<KMSClient> = mockClient(this.client) as unknown as AwsClientStub<KMSClient>;
  readonly #masterKey = randomBytes(32);

  constructor() {
    this.works();
  }

  /** From now on it answers, whatever failures were planned before. */
  works(): void {
    this.calls.reset();
    this.calls.on(GenerateDataKeyCommand).callsFake((input: GenerateDataKeyCommandInput) => {
      const plain = randomBytes(32);
      return { Plaintext: plain, CiphertextBlob: this.#wrap(plain, input.EncryptionContext) };
    });
    this.calls.on(DecryptCommand).callsFake((input: DecryptCommandInput) => ({ Plaintext: this.#unwrap(input) }));
  }

  #wrap(plain: Uint8Array, context: Record<string, string> | undefined): Uint8Array {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.#masterKey, iv).setAAD(Buffer.from(JSON.stringify(context)));
    return Buffer.concat([HEADER, iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  #unwrap({ CiphertextBlob, EncryptionContext }: DecryptCommandInput): Uint8Array {
    const blob = (CiphertextBlob ?? new Uint8Array()).subarray(HEADER.length);
    try {
      if (CiphertextBlob?.[0] !== HEADER[0]) throw new Error('another header');
      const decipher = createDecipheriv(CIPHER, this.#masterKey, blob.subarray(0, IV_BYTES));
      decipher.setAAD(Buffer.from(JSON.stringify(EncryptionContext))).setAuthTag(blob.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(blob.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
    } catch {
      throw new InvalidCiphertextException({ message: 'not ours', $metadata: {} });
    }
  }
}
