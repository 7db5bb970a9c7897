import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { createLineWriter } from '../terminal/line-writer.ts';
import { createPalette, wantsColour } from '../terminal/palette.ts';
import { StartFailure } from '../service/start-failure.ts';

const DEFAULT_PORT = 8080;
const DEFAULT_DATA_DIR = '.postrider';

interface StartFlags {
  port: number;
  host: string;
  data: string;
  demo: boolean;
  json: boolean;
}

/**
 * Runs `npm start` and `npm run demo`. What the person at the keyboard can mend becomes one line on stderr and exit
 * code 1.
 * @param argv as in process.argv
 */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  try {
    await createCommand().parseAsync([...argv]);
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

function createCommand(): Command {
  const command = new Command('postrider')
    .description('Sends webhooks: one process, one folder, no other services.')
    .version(readVersion())
    .option('-p, --port <port>', 'where the API listens; 0 takes any free port', readPort, DEFAULT_PORT)
    .option('--host <address>', 'the address of this machine to listen at', '127.0.0.1')
    .option('-d, --data <folder>', 'where everything is kept', DEFAULT_DATA_DIR)
    .option('--no-demo', 'no demo endpoint and no first event on an empty folder')
    .option('--json', 'one JSON object a line instead of text', false)
    .allowExcessArguments(false)
    .action(async (flags: StartFlags) => {
      const { runService } = await import('./run-service.ts');
      await runService({ ...flags, dataDir: flags.data });
    });
  command
    .command('demo')
    .description('a story of half a minute: delivered, retried, dead-lettered')
    .action(async () => {
      const { runDemo } = await import('../demo/demo.ts');
      const palette = createPalette(wantsColour(process.stdout, process.env));
      process.exitCode = (await runDemo(createLineWriter(process.stdout), palette)) ? 0 : 1;
    });
  return command;
}

/** @throws InvalidArgumentError, of which commander makes one line */
function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('Give a number from 0 to 65535.');
}

function readVersion(): string {
  const file = new URL('../../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
