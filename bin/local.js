// Plain JavaScript: for a start file in TypeScript Node would load what strips types, and keep it for as long as it runs.
import './check-node.js';
import { compileFirst } from './compile-cache.js';
import './one-language.js';

compileFirst();
// Imported dynamically, after the check of Node's version.
const { runCommandLine } = await import('../lib/local/command/command-line.ts');
await runCommandLine(process.argv);
