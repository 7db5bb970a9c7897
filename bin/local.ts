import './check-node.js';
import './compile-cache.js';

// Imported dynamically, after the check of Node's version.
const { runCommandLine } = await import('../lib/local/command/command-line.ts');
await runCommandLine(process.argv);
