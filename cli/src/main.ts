import { run } from './run.ts';
import { processTerminal } from './terminal/terminal.ts';

// A key that was typed as an option disappears from the list of processes, which everybody on the machine can read.
const SECRET_OPTIONS = /^--(api-key|key|secret|mfa-code)(=|$)/;
if (process.argv.some((word) => SECRET_OPTIONS.test(word))) process.title = 'postrider';

process.exitCode = await run(process.argv.slice(2), processTerminal());
