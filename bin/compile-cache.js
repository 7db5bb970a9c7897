import { join } from 'node:path';
import nodeModule from 'node:module';

// What has been stripped of its types and compiled is kept: a process that does it itself takes a second longer to start
// and 20 MB more for as long as it lives. Beside the packages: whoever can write there can change the code anyway. Without
// the right to, there is no cache.
nodeModule.enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/postrider'));
