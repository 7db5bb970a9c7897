import { buildConsole } from '../lib/local/console/built-console.ts';

// npm runs this after an installation. One without the tools for the build is not a failure: the API needs no console.
const why = await buildConsole();
if (why !== undefined) process.stderr.write(`The console was not built: ${why}\n`);
