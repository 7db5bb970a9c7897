// `npm run test:runtimes`: the checks of the SDK, as its users install it, on every runtime that it is for, against the
// service in this process; its types as other compilers resolve them; and the package of the command line on each Node.
// Names of runtimes can be given: `-- Deno Bun`.

import { execFileSync } from 'node:child_process';
import { packedCli } from '../../cli/package/packed.ts';
import { PROMISES, brokenOn } from '../../cli/runtimes/checks.ts';
import { embedded } from '../../e2e/embedded.ts';
import { packedSdk } from '../package/packed.ts';
import type { CheckPlace } from '../service/checks.ts';
import { startCustomer } from '../service/customer.ts';
import { NODES, RUNTIMES, type Runtime, binary, installRuntimes } from './runtimes.ts';

const wanted = process.argv.slice(2);
installRuntimes();
const packed = packedSdk();
const service = await embedded.start();
const customer = await startCustomer();
const place = { baseUrl: service.url, apiKey: service.apiKey, customerUrl: customer.url };

let failures = 0;
for (const [name, runtime] of Object.entries(RUNTIMES)) {
  if (wanted.length === 0 || wanted.includes(name)) failures += await failuresOn(name, runtime, place);
}
if (wanted.length === 0) failures += failuresOfTypes();
failures += await failuresOfCommandLine();

await customer.stop();
await service.stop();
packed.remove();
process.exitCode = failures === 0 ? 0 : 1;

/** Says how it went, and counts what failed. */
async function failuresOn(name: string, runtime: Runtime, at: CheckPlace): Promise<number> {
  try {
    const { runtime: own, results } = await runtime(packed.project, at);
    const failed = results.filter(({ error }) => error !== undefined);
    console.log(`${name} (${own}): ${results.length - failed.length} passed, ${failed.length} failed`);
    for (const { promise, error } of failed) console.log(`  ✗ ${promise}: ${error}`);
    // No result at all is a failure of the runtime.
    return results.length === 0 ? 1 : failed.length;
  } catch (error) {
    console.log(`${name}: could not run: ${String(error)}`);
    return 1;
  }
}

/** Says which promises the command line breaks, and counts them. */
async function failuresOfCommandLine(): Promise<number> {
  const nodes = Object.entries(NODES).filter(([name]) => wanted.length === 0 || wanted.includes(name));
  if (nodes.length === 0) return 0;
  const command = packedCli();
  let count = 0;
  for (const [name, program] of nodes) {
    const broken = await brokenOn(program, command, place, `of ${name}`);
    console.log(`the command line on ${name}: ${PROMISES - broken.length} passed, ${broken.length} failed`);
    for (const one of broken) console.log(`  ✗ ${one}`);
    count += broken.length;
  }
  command.remove();
  return count;
}

/** Are The Types Wrong? Not for CommonJS before `require` of ES modules, which the package is not for. */
function failuresOfTypes(): number {
  try {
    execFileSync(binary('.bin/attw'), [packed.tarball, '--profile', 'esm-only', '--format', 'ascii'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
    });
    console.log('types: right for every compiler that resolves ES modules');
    return 0;
  } catch (error) {
    console.log(`types: ${(error as { stdout?: string }).stdout ?? String(error)}`);
    return 1;
  }
}
