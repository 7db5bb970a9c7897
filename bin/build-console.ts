import { buildConsole } from '../lib/local/console/built-console.ts';

const why = await buildConsole();
if (why !== undefined) {
  process.stderr.write(`The console was not built: ${why}\n`);
  // An installation without the tools for the build is no failure: the API works without a console.
  if (process.env['npm_lifecycle_event'] !== 'prepare') process.exitCode = 1;
}
