import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { KMSClient } from '@aws-sdk/client-kms';

type Json = Record<string, unknown>;
interface HttpRequest {
  headers: Record<string, string>;
  body: string | Uint8Array;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * The real client of KMS, whose requests are answered in this process: data keys are wrapped under a key that lives as
 * long as the client, with the encryption context authenticated, as KMS does.
 */
export function fakeKms(): KMSClient {
  const masterKey = randomBytes(32);
  const handlers: Record<string, (input: Json) => Json> = {
    'TrentService.GenerateDataKey': (input) => {
      const plaintext = randomBytes(Number(input.NumberOfBytes ?? 32));
      return {
        KeyId: input.KeyId,
        Plaintext: plaintext.toString('base64'),
        CiphertextBlob: wrap(masterKey, plaintext, input).toString('base64'),
      };
    },
    'TrentService.Decrypt': (input) => ({
      KeyId: input.KeyId,
      Plaintext: unwrap(masterKey, Buffer.from(String(input.CiphertextBlob), 'base64'), input).toString('base64'),
    }),
  };
  return new KMSClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: {
      async handle({ headers, body }: HttpRequest) {
        const target = headers['x-amz-target'] ?? '';
        const handler = handlers[target];
        if (!handler) throw new Error(`This KMS can't ${target}.`);
        const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
        return { response: answer(handler(JSON.parse(text) as Json)) };
      },
    } as never,
  });
}

function answer(value: Json) {
  const body = Buffer.from(JSON.stringify(value));
  return { statusCode: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: new Uint8Array(body) };
}

function contextOf(input: Json): Buffer {
  return Buffer.from(JSON.stringify(Object.entries((input.EncryptionContext ?? {}) as Json).toSorted()));
}

function wrap(masterKey: Buffer, plaintext: Buffer, input: Json): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', masterKey, iv).setAAD(contextOf(input));
  return Buffer.concat([iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function unwrap(masterKey: Buffer, blob: Buffer, input: Json): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', masterKey, blob.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(contextOf(input)).setAuthTag(blob.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(blob.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
}
