import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AccessFlags, findAccess } from '../../cli/src/access/access.ts';
import { readProfiles, writeProfiles } from '../../cli/src/access/profiles.ts';
import { fakeTerminal, postrider, scripted } from './fake-terminal.ts';

const PROD = { url: 'https://prod.test', key: 'prk_prod', tenant: 'acme' };
const STAGE = { url: 'https://stage.test', key: 'prk_stage' };

let folder: string;
let config: Record<string, string>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postrider-cli-'));
  config = { POSTRIDER_CONFIG: join(folder, 'config/profiles.json') };
});
afterEach(() => rmSync(folder, { recursive: true }));

const access = (flags: AccessFlags, env: Record<string, string> = {}) =>
  findAccess(flags, fakeTerminal({ folder, env: { ...config, ...env } }).terminal);

function startedHere(): void {
  mkdirSync(join(folder, '.postrider'));
  writeFileSync(join(folder, '.postrider/api-key'), 'prk_local\n');
}

describe('a key and an address', () => {
  beforeEach(() => writeProfiles(config, { current: 'prod', profiles: { prod: PROD, stage: STAGE } }));

  test('are those of the flags, before the environment, before the profile', () => {
    const env = { POSTRIDER_API_KEY: 'prk_env', POSTRIDER_URL: 'https://env.test/v1/', POSTRIDER_TENANT: 'of-env' };
    expect(access({ apiKey: 'prk_flag', apiUrl: 'https://flag.test', tenant: 'x' }, env)).toMatchObject({
      url: 'https://flag.test',
      key: 'prk_flag',
      tenant: 'x',
    });
    expect(access({}, env)).toMatchObject({ url: 'https://env.test', key: 'prk_env', tenant: 'of-env' });
    expect(access({})).toEqual({ ...PROD, keyFrom: 'the profile prod' });
  });

  test('are those of the profile that is named, by the flag before the environment', () => {
    expect(access({}, { POSTRIDER_PROFILE: 'stage' })).toMatchObject(STAGE);
    expect(access({ profile: 'prod' }, { POSTRIDER_PROFILE: 'stage' })).toMatchObject(PROD);
    expect(() => access({ profile: 'none' })).toThrow('There is no profile none (there are: prod, stage)');
  });

  test('of a profile never go to another address', () => {
    expect(() => access({ apiUrl: 'https://evil.test' })).toThrow('No key for https://evil.test');
    expect(() => access({}, { POSTRIDER_URL: 'https://evil.test' })).toThrow('No key for https://evil.test');
  });
});

test('a variable that is set to nothing is not set', () => {
  writeProfiles(config, { current: 'prod', profiles: { prod: PROD } });
  const empty = { POSTRIDER_API_KEY: '', POSTRIDER_URL: '', POSTRIDER_TENANT: '', POSTRIDER_PROFILE: '' };
  expect(access({}, empty)).toEqual({ ...PROD, keyFrom: 'the profile prod' });
});

test.each([{}, { profiles: [null] }, { profiles: { a: {} } }, { profiles: { a: { url: 'x', key: 1 } } }])(
  'a file of profiles that says %j is refused with what to do',
  (written) => {
    mkdirSync(join(folder, 'config'));
    writeFileSync(join(folder, 'config/profiles.json'), JSON.stringify(written));
    expect(() => access({})).toThrow("profiles.json can't be read: mend it, or delete it and sign in again.");
  },
);

test('profiles are written to a new file only, and nothing is left where that fails', () => {
  const blocked = { POSTRIDER_CONFIG: join(folder, 'is-a-folder') };
  mkdirSync(join(folder, 'is-a-folder/x'), { recursive: true });
  expect(() => writeProfiles(blocked, { profiles: {} })).toThrow("is-a-folder can't be written: ");
  expect(readdirSync(folder)).toEqual(['is-a-folder']);
});

describe('the key of the service that runs in this folder', () => {
  beforeEach(startedHere);

  test('is found without a login', () => {
    expect(access({})).toEqual({ url: 'http://127.0.0.1:8080', key: 'prk_local', keyFrom: 'the folder .postrider' });
    expect(access({ apiUrl: 'http://localhost:9' }).key).toBe('prk_local');
  });

  const startedAt = (address: string) => writeFileSync(join(folder, '.postrider/address'), `${address}\n`);

  test('is used on whatever port the service runs', () => {
    startedAt('http://127.0.0.1:9000');
    expect(access({})).toMatchObject({ url: 'http://127.0.0.1:9000', key: 'prk_local' });
    expect(access({ data: '.postrider' })).toMatchObject({ url: 'http://127.0.0.1:9000', key: 'prk_local' });
    expect(access({ apiUrl: 'http://127.0.0.1:7' }).url).toBe('http://127.0.0.1:7');
    expect(access({}, { POSTRIDER_URL: 'http://127.0.0.1:8' }).url).toBe('http://127.0.0.1:8');
  });

  test.each(['https://evil.test', 'http://10.0.0.1:8080', 'file:///etc/passwd', 'no address', ''])(
    'follows no address out of this machine from a folder that nobody named: %j',
    (address) => {
      startedAt(address);
      expect(access({}).url).toBe('http://127.0.0.1:8080');
    },
  );

  test('comes after a profile, and before it where its folder is named', () => {
    startedAt('http://127.0.0.1:9000');
    writeProfiles(config, { current: 'prod', profiles: { prod: PROD } });
    expect(access({})).toMatchObject(PROD);
    const local = { url: 'http://127.0.0.1:9000', key: 'prk_local' };
    expect(access({ data: '.postrider' })).toMatchObject(local);
    expect(access({ data: '.postrider' }, { POSTRIDER_PROFILE: 'prod' })).toMatchObject(local);
    rmSync(join(folder, '.postrider/address'));
    expect(access({ data: '.postrider' })).toMatchObject({ url: 'http://127.0.0.1:8080', key: 'prk_local' });
  });

  test('is used by every command, whatever the names of its own options', async () => {
    const { fetch, sent } = scripted({ body: { id: 'x' } });
    for (const args of [
      ['events', 'post', '--type', 'a.b', '--data', '{"n": 1}'],
      ['endpoints', 'create', '--url', 'https://customer.test', '--events', 'a'],
      ['api-keys', 'create', '--name', 'x'],
    ]) {
      const { code, stderr } = await postrider(args, { folder, env: config, fetch });
      expect(code, stderr).toBe(0);
    }
    const keys = sent.map(({ headers }) => headers.get('authorization'));
    expect(keys).toEqual(['Bearer prk_local', 'Bearer prk_local', 'Bearer prk_local']);
  });

  test.each([
    'https://evil.test',
    'http://127.0.0.1.evil.test',
    'http://127.evil.test',
    'http://localhost.evil.test',
    'x',
  ])('never goes to another machine: %s', (apiUrl) => {
    expect(() => access({ apiUrl })).toThrow('No key for');
  });
});

test('without any key it says what to do', async () => {
  const { code, stderr } = await postrider(['events', 'list'], { folder });
  expect(stderr).toBe(
    'postrider: No key for http://127.0.0.1:8080: sign in with "postrider login", or set POSTRIDER_API_KEY.\n',
  );
  expect(code).toBe(3);
});

describe('login', () => {
  const answer = { body: { data: [], next_cursor: null } };
  const file = () => config['POSTRIDER_CONFIG'] ?? '';

  test('keeps the key in a file that only its owner can read, and never shows it', async () => {
    const { fetch, sent } = scripted(answer);
    const typed = ['https://typed.test', 'prk_typed'];
    const { code, stdout, stderr } = await postrider(['login'], { tty: true, env: config, typed, fetch });
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).not.toContain('prk_typed');
    expect(stderr).toContain('Signed in to https://typed.test');
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer prk_typed');
    expect(readProfiles(config).profiles).toEqual({ default: { url: 'https://typed.test', key: 'prk_typed' } });
  });

  test('takes the key from stdin in a script, and adds a profile beside the others', async () => {
    writeProfiles(config, { current: 'prod', profiles: { prod: PROD } });
    const args = ['login', '--profile', 'stage', '--api-url', STAGE.url];
    const { code, stderr } = await postrider(args, { env: config, input: 'prk_stage\n', ...scripted(answer) });
    expect(code, stderr).toBe(0);
    expect(readProfiles(config)).toEqual({ current: 'stage', profiles: { prod: PROD, stage: STAGE } });
  });

  test.each([
    ['localhost:8080', 'http://localhost:8080', ''],
    ['postrider.example.com', 'https://postrider.example.com', ''],
    ['http://postrider.example.com', 'http://postrider.example.com', 'Anyone on the way can read the key'],
  ])('takes %s for %s', async (typed, url, warning) => {
    const { code, stderr } = await postrider(['login', '--api-url', typed], {
      env: config,
      input: 'prk_x',
      ...scripted(answer),
    });
    expect(code, stderr).toBe(0);
    expect(readProfiles(config).profiles['default']?.url).toBe(url);
    expect(stderr.includes('Anyone on the way')).toBe(warning !== '');
  });

  test('refuses what is no address before it asks for a key', async () => {
    const { code, stderr } = await postrider(['login', '--api-url', 'ftp://x'], {
      tty: true,
      env: { ...config, NO_COLOR: '1' },
    });
    expect([code, stderr]).toEqual([
      2,
      'postrider: ftp://x is no address: give one such as https://postrider.example.com.\n',
    ]);
  });

  test('keeps no key that the service refuses', async () => {
    const refused = { status: 401, body: { type: '/problems/unauthorized', status: 401, title: '', detail: 'No.' } };
    const args = ['login', '--api-url', STAGE.url];
    const { code } = await postrider(args, { env: config, input: 'prk_wrong', ...scripted(refused) });
    expect(code).toBe(3);
    expect(readProfiles(config).profiles).toEqual({});
  });

  test('a key that may do little is a key', async () => {
    const little = { status: 403, body: { type: '/problems/missing-scope', status: 403, title: '', detail: 'No.' } };
    const args = ['login', '--api-url', STAGE.url];
    expect(await postrider(args, { env: config, input: 'prk_little', ...scripted(little) })).toMatchObject({ code: 0 });
  });

  test('logout forgets the key, and another profile is used from then on', async () => {
    writeProfiles(config, { current: 'prod', profiles: { prod: PROD, stage: STAGE } });
    const unasked = await postrider(['logout'], { env: config });
    expect(unasked).toMatchObject({ code: 2 });
    expect(unasked.stderr).toContain('Pass --yes');
    expect(await postrider(['logout', '--yes'], { env: config })).toMatchObject({ code: 0 });
    expect(readProfiles(config)).toEqual({ current: 'stage', profiles: { stage: STAGE } });
  });

  test('profiles are listed without their keys, and one is chosen', async () => {
    writeProfiles(config, { current: 'prod', profiles: { prod: PROD, stage: STAGE } });
    expect(await postrider(['profiles', 'use', 'stage'], { env: config })).toMatchObject({ code: 0 });
    const { stdout } = await postrider(['profiles', 'list'], { env: config });
    expect(stdout).toMatch(/^stage +https:\/\/stage\.test +true$/m);
    expect(stdout).not.toContain('prk_');
  });
});
