import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import nodeModule from 'node:module';

// What has been stripped of its types and compiled is kept: a process that does it itself takes a second longer to start
// and 20 MB more for as long as it lives. Beside the packages: whoever can write there can change the code anyway. Without
// the right to, there is no cache.
nodeModule.enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/postrider'));

/** Fills an empty cache by another process, which ends. What it can't fill is compiled by whoever loads it. */
export function compileFirst() {
  const folder = nodeModule.getCompileCacheDir();
  if (folder === undefined || readdirSync(folder).length > 0) return;
  spawnSync(process.execPath, [join(import.meta.dirname, 'compile.ts')], { stdio: 'ignore' });
}
