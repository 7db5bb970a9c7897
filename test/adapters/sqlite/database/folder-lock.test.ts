import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { FolderInUseError, lockFolder } from '../../../../lib/adapters/sqlite/database/folder-lock.ts';

function newFolder(): string {
  const parent = mkdtempSync(join(tmpdir(), 'postrider-lock-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  return join(parent, 'data');
}

describe('folder lock', () => {
  test('makes the folder, and gives it to one holder at a time', () => {
    const folder = newFolder();
    const lock = lockFolder(folder);
    expect(existsSync(folder)).toBe(true);
    expect(() => lockFolder(folder)).toThrow(FolderInUseError);
    lock.release();
    lockFolder(folder).release();
  });

  test('another folder is another lock', () => {
    const locks = [lockFolder(newFolder()), lockFolder(newFolder())];
    for (const lock of locks) lock.release();
    expect(locks).toHaveLength(2);
  });

  test('another process’s folder is refused while it lives, and free once it is killed with -9', async () => {
    const folder = newFolder();
    const script = fileURLToPath(import.meta.resolve('./lock-holder.ts'));
    // What it does not keep is collected at once: the lock must not be.
    const holder = spawn(process.execPath, ['--expose-gc', script, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void holder.kill('SIGKILL'));
    const ended = once(holder, 'exit');
    const locked = once(holder.stdout, 'data');
    await Promise.race([locked, ended.then((exit) => expect.fail(`The holder ended: ${exit}`))]);
    expect(() => lockFolder(folder)).toThrow(FolderInUseError);
    holder.kill('SIGKILL');
    await ended;
    lockFolder(folder).release();
  });
});
