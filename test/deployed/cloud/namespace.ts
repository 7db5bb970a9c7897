import { run, runInTerminal } from './child-process.ts';
import { RECEIVER_IP } from './receiver-place.ts';

/** Set in the process that runs in the namespace. */
const INSIDE = 'POSTRIDER_TEST_NAMESPACE';

/** Of its own: network, processes (which all end with the first one) and the mounts that /proc needs. */
const OWN = ['--net', '--pid', '--mount-proc', '--fork', '--kill-child=SIGTERM'];

export const isInNamespace = () => process.env[INSIDE] === '1';

/** Whether this system lets this user make a network of his own: Linux with `unshare` and `ip`. */
export async function canMakeNamespace(): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  return run('unshare', [...own(), 'ip', 'link', 'set', 'lo', 'up']).then(
    () => true,
    () => false,
  );
}

/** Runs this very program again, in a network where nothing is but what it starts. Answers its exit code. */
export function runInNamespace(environment?: NodeJS.ProcessEnv): Promise<number> {
  const args = [...own(), process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  // `unshare` ignores SIGTERM. When it is killed, it has the kernel send one to the program.
  return runInTerminal('unshare', args, { env: { ...process.env, ...environment, [INSIDE]: '1' } }, 'SIGKILL');
}

/** Brings loopback up, and has the customers' public address on it. */
export async function setUpNetwork(): Promise<void> {
  await run('ip', ['link', 'set', 'lo', 'up']);
  await run('ip', ['address', 'add', `${RECEIVER_IP}/32`, 'dev', 'lo']);
}

function own(): string[] {
  return process.getuid?.() === 0 ? OWN : ['--map-root-user', ...OWN];
}
