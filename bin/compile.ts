import './check-node.js';
import './compile-cache.js';
import './one-language.js';

// Loads what `npm start` and its threads load, and nothing runs: Node keeps it compiled when this process ends, for the
// first start too.
await import('../lib/local/command/command-line.ts');
await import('../lib/local/command/run-service.ts');
await import('../lib/local/command/source-flags.ts');
await import('../lib/local/threads/run-deliveries.ts');
