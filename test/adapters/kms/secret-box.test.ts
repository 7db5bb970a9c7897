import { DecryptCommand, GenerateDataKeyCommand, KMSServiceException } from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { createKmsSecretBox } from '../../../lib/adapters/kms/secret-box.ts';
import { systemRandom } from '../../../lib/adapters/system/system-random.ts';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import { MemoryDataKeys } from '../../support/memory-data-keys.ts';
import { TestKms } from '../../support/test-kms.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const CONTEXT = 'tenant/ep_1';
const DAY_MS = 24 * 3600 * 1000;

function openBox(kms = new TestKms()) {
  const clock = new VirtualClock();
  const dataKeys = new MemoryDataKeys();
  /** A box of a new process, which has no keys yet. */
  const open = () =>
    createKmsSecretBox({ client: kms.client, keyId: 'alias/postrider', dataKeys, clock, random: systemRandom });
  const generated = () => kms.calls.commandCalls(GenerateDataKeyCommand).length;
  const decrypted = () => kms.calls.commandCalls(DecryptCommand).length;
  return { kms, clock, dataKeys, box: open(), open, generated, decrypted };
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

  test('the secrets of 5,000 endpoints, sealed by many processes, cost one call to make and one for each reader', async () => {
    const { open, generated, decrypted } = openBox();
    const sealed: string[] = [];
    for (let endpoint = 0; endpoint < 5000; endpoint += 50) {
      const api = open();
      for (let n = 0; n < 50; n += 1) sealed.push(await api.seal(`secret ${endpoint + n}`, CONTEXT));
    }
    // The first process made the key; each of the other 99 unwrapped it.
    expect([generated(), decrypted()]).toEqual([1, 99]);
    const dispatch = open();
    for (const [endpoint, text] of sealed.entries())
      expect(await dispatch.open(text, CONTEXT)).toBe(`secret ${endpoint}`);
    expect([generated(), decrypted()]).toEqual([1, 100]);
  });

  test('a data key seals for a month, so that a reader of three years of endpoints unwraps 37 keys', async () => {
    const { box, open, clock, generated, decrypted } = openBox();
    const sealed: string[] = [];
    for (let day = 0; day < 3 * 365; day += 1) {
      sealed.push(await box.seal(`${day}`, CONTEXT));
      await clock.advance(DAY_MS);
    }
    const months = new Set(sealed.map((text) => text.split('.')[1]));
    expect(months.size).toBeGreaterThanOrEqual(36);
    expect(months.size).toBeLessThanOrEqual(37);
    expect(generated()).toBe(months.size);
    const reader = open();
    for (const text of sealed) await reader.open(text, CONTEXT);
    expect(decrypted()).toBe(months.size);
  });

  test('what an earlier month sealed is sealed again with the key of this one, under its own context', async () => {
    const { box, clock, dataKeys, open } = openBox();
    const sealed = await box.seal('secret', CONTEXT);
    await clock.advance(31 * DAY_MS);
    const anew = (await box.reseal(sealed, CONTEXT)) as string;
    const [earlier, newest] = [...dataKeys.byPeriod.values()];
    expect([sealed, anew].map((text) => text.split('.')[1])).toEqual([earlier, newest]);
    expect(await open().open(anew, CONTEXT)).toBe('secret');
    expect(await box.reseal(anew, CONTEXT)).toBeUndefined();
    await expect(box.reseal(sealed, 'tenant/ep_2')).rejects.toThrow("can't be opened");
  });

  test('an unwrapped key is kept for as long as the process lives', async () => {
    const { box, open, clock, decrypted } = openBox();
    const sealed = await box.seal('a', CONTEXT);
    const other = open();
    for (const wait of [0, DAY_MS, 30 * DAY_MS]) {
      await clock.advance(wait);
      await other.open(sealed, CONTEXT);
    }
    expect(decrypted()).toBe(1);
  });

  test('at most 1,000 unwrapped keys are kept: the least recently used goes first', async () => {
    const { kms, clock, decrypted } = openBox();
    const inDeployment = () =>
      createKmsSecretBox({
        client: kms.client,
        keyId: 'k',
        dataKeys: new MemoryDataKeys(),
        clock,
        random: systemRandom,
      });
    const sealed: string[] = [];
    for (let n = 0; n < 1001; n += 1) sealed.push(await inDeployment().seal(`${n}`, CONTEXT));
    const [first = '', second = '', ...others] = sealed;
    const reader = inDeployment();
    for (const text of [first, second, ...others.slice(0, -1), first, ...others.slice(-1)]) {
      await reader.open(text, CONTEXT);
    }
    expect(decrypted()).toBe(1001);
    expect(await reader.open(first, CONTEXT)).toBe('0');
    expect(decrypted()).toBe(1001);
    expect(await reader.open(second, CONTEXT)).toBe('1');
    expect(decrypted()).toBe(1002);
  });
});

describe('the shared data key', () => {
  test('is one, however many processes make one at once', async () => {
    const { open, dataKeys } = openBox();
    const boxes = Array.from({ length: 20 }, open);
    const sealed = await Promise.all(boxes.map((box) => box.seal('a', CONTEXT)));
    expect(new Set(sealed.map((text) => text.split('.')[1]))).toEqual(new Set(dataKeys.byPeriod.values()));
    expect(dataKeys.byPeriod.size).toBe(1);
    for (const text of sealed) expect(await open().open(text, CONTEXT)).toBe('a');
  });

  test('may be lost: what it sealed opens as before, and the next secret is sealed with another', async () => {
    const { box, open, dataKeys, generated } = openBox();
    const before = await box.seal('before', CONTEXT);
    dataKeys.byPeriod.clear();
    const other = open();
    const after = await other.seal('after', CONTEXT);
    expect(generated()).toBe(2);
    expect(await open().open(before, CONTEXT)).toBe('before');
    expect(await open().open(after, CONTEXT)).toBe('after');
  });

  test('is looked for again after the store has failed', async () => {
    const { box, dataKeys } = openBox();
    const find = dataKeys.find.bind(dataKeys);
    dataKeys.find = () => Promise.reject(new ServiceFault('DynamoDB is away'));
    await expect(box.seal('a', CONTEXT)).rejects.toThrow(ServiceFault);
    dataKeys.find = find;
    expect(await box.open(await box.seal('a', CONTEXT), CONTEXT)).toBe('a');
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
