import { DecryptCommand, GenerateDataKeyCommand, KMSServiceException } from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { createKmsSecretBox } from '../../../lib/adapters/kms/secret-box.ts';
import { systemRandom } from '../../../lib/adapters/system/system-random.ts';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import { TestKms } from '../../support/test-kms.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const CONTEXT = 'tenant/ep_1';
const MINUTE_MS = 60_000;

function openBox(kms = new TestKms()) {
  const clock = new VirtualClock();
  /** A box of a new process, which has no keys yet. */
  const open = () => createKmsSecretBox({ client: kms.client, keyId: 'alias/postrider', clock, random: systemRandom });
  const generated = () => kms.calls.commandCalls(GenerateDataKeyCommand).length;
  const decrypted = () => kms.calls.commandCalls(DecryptCommand).length;
  return { kms, clock, box: open(), open, generated, decrypted };
}

function kmsError(name: string): KMSServiceException {
  return new KMSServiceException({ name, $fault: 'server', message: `${name}!`, $metadata: {} });
}

describe('the hot path', () => {
  test('100 secrets are sealed at once under one data key, and opened again without asking KMS', async () => {
    const { box, generated, decrypted } = openBox();
    const secrets = Array.from({ length: 100 }, (_, n) => `secret ${n}`);
    const sealed = await Promise.all(secrets.map((secret) => box.seal(secret, CONTEXT)));
    expect(await Promise.all(sealed.map((text) => box.open(text, CONTEXT)))).toEqual(secrets);
    expect([generated(), decrypted()]).toEqual([1, 0]);
  });

  test('another process asks KMS once for each data key, however many open it at once', async () => {
    const { box, open, decrypted } = openBox();
    const sealed = await Promise.all(['a', 'b', 'c'].map((secret) => box.seal(secret, CONTEXT)));
    const other = open();
    expect(await Promise.all(sealed.map((text) => other.open(text, CONTEXT)))).toEqual(['a', 'b', 'c']);
    expect(decrypted()).toBe(1);
  });

  test('a data key seals for 5 minutes', async () => {
    const { box, clock, generated } = openBox();
    await box.seal('a', CONTEXT);
    await clock.advance(5 * MINUTE_MS - 1);
    await box.seal('b', CONTEXT);
    expect(generated()).toBe(1);
    await clock.advance(1);
    await box.seal('c', CONTEXT);
    expect(generated()).toBe(2);
  });

  test('a data key seals 1,000 secrets', async () => {
    const { box, generated } = openBox();
    for (let n = 0; n < 1000; n += 1) await box.seal('secret', CONTEXT);
    expect(generated()).toBe(1);
    await box.seal('secret', CONTEXT);
    expect(generated()).toBe(2);
  });

  test('an unwrapped key is forgotten after 10 minutes', async () => {
    const { box, open, clock, decrypted } = openBox();
    const sealed = await box.seal('a', CONTEXT);
    const other = open();
    for (const wait of [0, 10 * MINUTE_MS - 1, 1]) {
      await clock.advance(wait);
      await other.open(sealed, CONTEXT);
    }
    expect(decrypted()).toBe(2);
  });

  test('at most 1,000 unwrapped keys are kept: the least recently used goes first', async () => {
    const { open, clock, decrypted } = openBox();
    const sealed: string[] = [];
    for (let n = 0; n < 1001; n += 1) sealed.push(await open().seal(`${n}`, CONTEXT));
    const [first = '', second = '', ...others] = sealed;
    const reader = open();
    for (const text of [first, second, ...others.slice(0, -1)]) await reader.open(text, CONTEXT);
    expect(decrypted()).toBe(1000);
    await reader.open(first, CONTEXT);
    await reader.open(others.at(-1) ?? '', CONTEXT);
    expect(decrypted()).toBe(1001);
    expect(await reader.open(first, CONTEXT)).toBe('0');
    expect(decrypted()).toBe(1001);
    expect(await reader.open(second, CONTEXT)).toBe('1');
    expect(decrypted()).toBe(1002);
    expect(clock.now()).toBe(new VirtualClock().now());
  });
});

describe('requests', () => {
  test('name the key and the service, and no secret’s own context, so that one key may open many', async () => {
    const { kms, box, open } = openBox();
    const sealed = await box.seal('a', CONTEXT);
    await open().open(sealed, CONTEXT);
    const same = { KeyId: 'alias/postrider', EncryptionContext: { service: 'postrider' } };
    const [generate] = kms.calls.commandCalls(GenerateDataKeyCommand);
    expect(generate?.args[0].input).toEqual({ ...same, KeySpec: 'AES_256' });
    const [decrypt] = kms.calls.commandCalls(DecryptCommand);
    const [version, wrapped = ''] = sealed.split('.');
    expect(version).toBe('k1');
    expect(decrypt?.args[0].input).toEqual({ ...same, CiphertextBlob: Buffer.from(wrapped, 'base64url') });
  });
});

test('a text opens in one spelling only, also where bits of its last character say nothing', async () => {
  const { box } = openBox();
  const sealed = await box.seal('abc', CONTEXT);
  expect(await box.open(sealed, CONTEXT)).toBe('abc');
  const [version = '', ...parts] = sealed.split('.');
  for (const at of [0, 1]) {
    const respelled = parts.map((part, index) => (index === at ? otherSpelling(part) : part));
    expect(Buffer.from(respelled[at] ?? '', 'base64url')).toEqual(Buffer.from(parts[at] ?? '', 'base64url'));
    await expect(box.open([version, ...respelled].join('.'), CONTEXT)).rejects.toThrow(Error);
  }
});

/** The same bytes, when their number is no multiple of 3: the lowest bit of the last character is a spare one. */
function otherSpelling(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return text.slice(0, -1) + alphabet.charAt(alphabet.indexOf(text.at(-1) ?? '') ^ 1);
}

describe('faults', () => {
  test.each(['ThrottlingException', 'KMSInternalException', 'AccessDeniedException', 'TimeoutError'])(
    '%s is a fault of the service, and passes with it',
    async (name) => {
      const { kms, box, open } = openBox();
      const sealed = await box.seal('kept', CONTEXT);
      const other = open();
      kms.calls.rejects(kmsError(name));
      kms.calls.on(GenerateDataKeyCommand).rejects(kmsError(name)).on(DecryptCommand).rejects(kmsError(name));
      await expect(other.seal('new', CONTEXT)).rejects.toThrow(ServiceFault);
      await expect(other.open(sealed, CONTEXT)).rejects.toMatchObject({ name: 'ServiceFault', cause: { name } });
      expect(await box.open(sealed, CONTEXT)).toBe('kept');
      kms.works();
      expect(await other.open(sealed, CONTEXT)).toBe('kept');
      expect(await other.open(await other.seal('new', CONTEXT), CONTEXT)).toBe('new');
    },
  );

  test('what another KMS key wrapped is no fault that may pass', async () => {
    const sealed = await openBox().box.seal('a', CONTEXT);
    const error = await openBox()
      .box.open(sealed, CONTEXT)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(ServiceFault);
  });
});
