import './check-node.js';

// Imported only now: it needs a Node that the line above has made sure of.
const { runCommandLine } = await import('../lib/local/command/command-line.ts');
await runCommandLine(process.argv);
