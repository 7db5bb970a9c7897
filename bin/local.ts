import './check-node.js';
import { join } from 'node:path';
import nodeModule from 'node:module';

// From the second start on nothing is stripped of its types and compiled, which takes 20 MB for as long as the process
// lives. Beside the packages: whoever can write there can change the code anyway. Without the right to, there is no cache.
nodeModule.enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/postrider'));

// Imported dynamically, after the check of Node's version.
const { runCommandLine } = await import('../lib/local/command/command-line.ts');
await runCommandLine(process.argv);
