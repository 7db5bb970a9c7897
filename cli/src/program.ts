import { Command, Option } from 'commander';
import { addApiCommands } from './api/api-commands.ts';
import { addCompletion } from './commands/completion.ts';
import { addCreateKey } from './commands/create-key.ts';
import { addDoctor } from './commands/doctor.ts';
import { addListen } from './commands/listen.ts';
import { addInspect } from './commands/inspect.ts';
import { addLogin } from './commands/login.ts';
import { addOpen } from './commands/open.ts';
import { addRedrive } from './commands/redrive.ts';
import { addReplay } from './commands/replay.ts';
import { addRetry } from './commands/retry.ts';
import { addTail } from './commands/tail.ts';
import { addTrigger } from './commands/trigger.ts';
import { addSmoke } from './commands/smoke.ts';
import { addTypes } from './commands/types.ts';
import { addVerify } from './commands/verify.ts';
import { type AddCommands, type GlobalFlags, contextOf } from './context.ts';
import { OUTPUTS } from './output/formats.ts';
import { styleFor } from './terminal/style.ts';
import type { Terminal } from './terminal/terminal.ts';
import { VERSION } from './version.ts';

/** All commands that are written by hand, in the order in which help shows them. */
const COMMANDS: readonly AddCommands[] = [
  addListen,
  addTrigger,
  addTail,
  addInspect,
  addRetry,
  addReplay,
  addVerify,
  addTypes,
  addOpen,
  addLogin,
  addDoctor,
  addCompletion,
  addCreateKey,
  addRedrive,
  addSmoke,
];

const NARROWEST_HELP = 40;
const WIDEST_HELP = 100;

/** The whole command line. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('postrider')
    .description('Posts events to Postrider, shows what was delivered, and mends what was not.')
    .usage('<command> [options]')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this, or the help of a command')
    .helpCommand(false)
    .exitOverride();
  write(program, terminal);
  addGlobalOptions(program);
  // Only the options of every command: one of its own may have the name of another setting.
  const contextFor = () => contextOf(terminal, program.opts<GlobalFlags>());
  for (const add of COMMANDS) add(program, contextFor);
  addApiCommands(program, contextFor);
  program.addHelpText('afterAll', ({ command }) =>
    command === program ? '' : '\nOptions of every command: postrider --help\n',
  );
  return program;
}

function addGlobalOptions(program: Command): void {
  program
    .optionsGroup('Options of every command:')
    .option('-p, --profile <name>', 'the profile to use; default: POSTRIDER_PROFILE, or that of the last login')
    .option('--api-url <url>', 'where the service is; default: POSTRIDER_URL, or that of the profile')
    .option('--api-key <key>', 'default: POSTRIDER_API_KEY, or that of the profile')
    .option('-t, --tenant <id>', 'whose data, for a platform key; default: POSTRIDER_TENANT, or that of the profile')
    .addOption(new Option('-o, --output <format>', 'how answers are written').choices(OUTPUTS).default('table'))
    .option('-y, --yes', 'do what can’t be undone without asking')
    .option('--no-color', 'no colours; NO_COLOR=1 says the same');
}

/** Help and complaints go to the terminal that the command was given, at its width. */
function write(program: Command, { stdout, stderr, env }: Terminal): void {
  const widthOf = (columns = 80) => Math.max(NARROWEST_HELP, Math.min(columns, WIDEST_HELP));
  const style = styleFor(stderr, env, true);
  program.configureOutput({
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(text),
    getOutHelpWidth: () => widthOf(stdout.columns),
    getErrHelpWidth: () => widthOf(stderr.columns),
    getOutHasColors: () => false,
    getErrHasColors: () => false,
    outputError: (text, print) => {
      const oneLine = text.replace(/\n\((Did you mean [^]*\?)\)\n$/, '. $1\n');
      print(oneLine.replace(/^error: /, `${style('bad', 'postrider:')} `));
    },
  });
}
