import { COMPLETE, completed } from './commands/completed.ts';
import { EXIT_CODES } from './errors/exit-codes.ts';
import { explained } from './errors/explain.ts';
import { escaped } from './output/json.ts';
import { createProgram } from './program.ts';
import { styleFor } from './terminal/style.ts';
import type { Terminal } from './terminal/terminal.ts';

/**
 * Runs a command line to its end.
 * @param speaker what an error begins with
 * @returns what the process ends with: `errors/exit-codes.ts`
 */
export async function run(args: readonly string[], terminal: Terminal, speaker = 'postrider: '): Promise<number> {
  try {
    const program = createProgram(terminal);
    if (args[0] === COMPLETE) terminal.stdout.write(completed(program, args.slice(1), terminal));
    else await program.parseAsync(wordsOf(args), { from: 'user' });
    return EXIT_CODES.done.code;
  } catch (error) {
    const { ending, line } = explained(error);
    const style = styleFor(terminal.stderr, terminal.env, !args.includes('--no-color'));
    if (line !== undefined) terminal.stderr.write(`${style('bad', speaker)}${line}\n`);
    if (terminal.env['POSTRIDER_DEBUG'])
      terminal.stderr.write(`${escaped(String(error instanceof Error ? error.stack : error))}\n`);
    return EXIT_CODES[ending].code;
  }
}

/** `help listen` is `listen --help`, as many other programs have it. */
function wordsOf(args: readonly string[]): string[] {
  const [first, ...others] = args;
  return first === 'help' ? [...others, '--help'] : [...args];
}
