import { builtConsole } from '../../../lib/local/console/built-console.ts';
import { aws } from '../../e2e/aws.ts';
import type { Backend } from '../../e2e/backend.ts';
import { startEmbedded } from '../../e2e/embedded.ts';
import { startFront } from './front.ts';

/** The built console. @throws Error that says why there is none */
export async function consoleFolder(): Promise<string> {
  const built = await builtConsole();
  if ('folder' in built) return built.folder;
  throw new Error(`The console can't be built: ${built.missing}`);
}

/** The service in this process, with the console at its address. */
export const embeddedWithConsole: Backend = {
  name: 'embedded',
  start: () => startEmbedded({ consoleFiles: consoleFolder() }),
};

/** The functions over the emulators, behind an address that has the console too. */
export const awsWithConsole: Backend = {
  name: 'aws',
  async start() {
    const folder = await consoleFolder();
    const running = await aws.start();
    const front = await startFront(running.url, folder);
    const stop = async () => {
      await front.close();
      await running.stop();
    };
    return { ...running, url: front.url, stop };
  },
};
