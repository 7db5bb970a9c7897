import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DynamoApiKeyStore } from '../../lib/adapters/dynamodb/stores/api-key-store.ts';
import { DocumentTable } from '../../lib/adapters/dynamodb/access/document-table.ts';
import { SCHEMA_KEY } from '../../lib/adapters/dynamodb/layout/keys.ts';
import { SCHEMA } from '../../lib/adapters/dynamodb/layout/stored-schema.ts';
import { hashApiKey } from '../../lib/api/auth/api-key.ts';
import { SCOPES, TENANT_SCOPES } from '../../lib/api/auth/scopes.ts';
import { startService } from '../../lib/local/service/service.ts';
import { createTables, startDynamo } from '../support/aws-emulators.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { runScript } from './run-script.ts';

const KEY = /^prk_[A-Za-z0-9]{49}\n$/;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postrider-key-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a key for the local store', () => {
  const serve = async <T>(use: (url: string) => Promise<T>): Promise<T> => {
    const service = await startService({ dataDir: folder, port: 0, log: new MemoryLog() });
    try {
      return await use(service.url);
    } finally {
      await service.stop();
    }
  };
  const statusWith = (url: string, secret: string, tenant: string) =>
    fetch(`${url}/v1/events`, {
      headers: { authorization: `Bearer ${secret.trim()}`, 'postrider-tenant': tenant },
    }).then(({ status }) => status);

  test('opens the service that is started there, a tenant’s its own tenant only', async () => {
    const platform = await runScript('create-key', ['--data', folder]);
    const acme = await runScript('create-key', ['--data', folder, '--tenant', 'acme', '--name', 'CI']);
    for (const { code, stdout, stderr } of [platform, acme]) {
      expect(code, stderr).toBe(0);
      expect(stdout).toMatch(KEY);
      expect(stderr).toContain('It is shown only now');
      expect(stderr).not.toContain('prk_');
    }
    await serve(async (url) => {
      expect(await statusWith(url, platform.stdout, 'acme')).toBe(200);
      expect(await statusWith(url, acme.stdout, 'acme')).toBe(200);
      expect(await statusWith(url, acme.stdout, 'other')).toBe(403);
    });
  });

  test('made while the service runs, opens it at once', async () => {
    await serve(async (url) => {
      const { code, stdout, stderr } = await runScript('create-key', ['--data', folder, '--tenant', 'acme']);
      expect(code, stderr).toBe(0);
      expect(await statusWith(url, stdout, 'acme')).toBe(200);
      expect(await statusWith(url, stdout, 'other')).toBe(403);
    });
  });

  test('is refused while a service of another version runs, in one line', async () => {
    await serve(async () => {
      const other = new DatabaseSync(join(folder, 'postrider.db'));
      const { user_version: version } = other.prepare('PRAGMA user_version').get() as { user_version: number };
      other.exec(`PRAGMA user_version = ${version - 1}`);
      const { code, stdout, stderr } = await runScript('create-key', ['--data', folder]);
      other.exec(`PRAGMA user_version = ${version}`);
      other.close();
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^.+use the version that is running.+\n$/);
    });
  });

  test('is refused in a folder that is not there, which stays so', async () => {
    const { code, stderr } = await runScript('create-key', ['--data', join(folder, 'typo')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^There is no folder .+\n$/);
  });
});

describe('a key for a deployment', () => {
  test('is stored by its hash in the table, which the stack’s outputs name', async () => {
    const dynamo = await startDynamo();
    const tables = await createTables(dynamo.connection);
    const environment = {
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_DYNAMODB: dynamo.connection.endpoint,
      PATH: `${folder}:${process.env.PATH}`,
    };
    await fakeAws([{ OutputKey: 'ApiUrl' }, { OutputKey: 'ConfigTableName', OutputValue: tables.names.config }]);
    const region = ['--region', dynamo.connection.region];
    try {
      const byTable = await runScript('create-key', ['--table', tables.names.config, ...region], environment);
      const byStack = await runScript('create-key', ['--stack', 'Hooks', '--tenant', 'acme', ...region], environment);
      const apiKeys = new DynamoApiKeyStore(new DocumentTable(tables.client, tables.names.config));
      for (const { code, stderr } of [byTable, byStack]) expect(code, stderr).toBe(0);
      const find = ({ stdout }: { stdout: string }) => apiKeys.find(hashApiKey(stdout.trim()));
      expect(await find(byTable)).toMatchObject({ scopes: SCOPES, name: 'create-key' });
      expect(await find(byTable)).not.toHaveProperty('tenantId');
      expect(await find(byStack)).toMatchObject({ tenantId: 'acme', scopes: TENANT_SCOPES });
      const newer = { ...SCHEMA_KEY, schema: SCHEMA + 1, due_shards: 4 };
      await tables.client.send(new PutCommand({ TableName: tables.names.config, Item: newer }));
      const refused = await runScript('create-key', ['--table', tables.names.config, ...region], environment);
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(`have schema ${SCHEMA + 1}`) });
    } finally {
      await tables.remove();
      await dynamo.stop();
    }
  });

  test('is refused for a stack that is no Postrider', async () => {
    await fakeAws([{ OutputKey: 'Other', OutputValue: 'x' }]);
    const { code, stderr } = await runScript('create-key', ['--stack', 'Other'], {
      PATH: `${folder}:${process.env.PATH}`,
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The stack Other has no output ConfigTableName.+\n$/);
  });

  test('without the AWS CLI it names the alternative', async () => {
    const { code, stderr } = await runScript('create-key', ['--stack', 'Hooks'], { PATH: folder });
    expect(code).toBe(1);
    expect(stderr).toContain('pass --table');
  });

  /** A command `aws` that answers with these outputs. */
  async function fakeAws(outputs: readonly object[]): Promise<void> {
    const file = join(folder, 'aws');
    await writeFile(file, `#!/bin/sh\necho '${JSON.stringify(outputs)}'\n`);
    await chmod(file, 0o755);
  }
});

test.each([[[]], [['--data', '.', '--table', 't']]])('the flags %j do not say where', async (args) => {
  const { code, stderr } = await runScript('create-key', args);
  expect(code).toBe(1);
  expect(stderr).toContain('--stack <name>, --table <name> and --data <folder>');
});

test('a tenant that can’t be one is refused before anything is made', async () => {
  const { code, stderr } = await runScript('create-key', ['--data', folder, '--tenant', 'a\nb']);
  expect(code).toBe(1);
  expect(stderr).toContain('--tenant must be');
});
