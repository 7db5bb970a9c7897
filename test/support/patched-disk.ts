import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { onTestFinished } from 'vitest';

/** What a test puts in place of the synchronizations of files. Absent: they are as they are. */
export interface DiskPatch {
  /** @param synchronize does it; throws what the disk says */
  inThread?(synchronize: () => void): void;
  /** @param synchronize does it, then calls back; `done` is called in place of that */
  apart?(synchronize: (then: fs.NoParamCallback) => void, done: fs.NoParamCallback): void;
}

/** Changes how the files of this process are synchronized, in this thread, until the test has finished. */
export function patchDisk({ inThread, apart }: DiskPatch): void {
  const { fdatasync, fdatasyncSync } = fs;
  if (inThread) fs.fdatasyncSync = (descriptor) => inThread(() => fdatasyncSync(descriptor));
  if (apart) {
    const patched = (descriptor: number, done: fs.NoParamCallback) =>
      apart((then) => fdatasync(descriptor, then), done);
    fs.fdatasync = Object.assign(patched, { __promisify__: fdatasync.__promisify__ });
  }
  syncBuiltinESMExports();
  onTestFinished(() => {
    Object.assign(fs, { fdatasync, fdatasyncSync });
    syncBuiltinESMExports();
  });
}

/** Stops this thread, as a slow disk does. */
export function stand(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
