import { readFile, readdir } from 'node:fs/promises';
import { run } from './child-process.ts';

export interface RunningProcess {
  pid: number;
  command: string;
}

/** The processes of the emulator's functions: the folder of the run is in their arguments, and in no one else's. */
export async function listProcesses(workFolder: string): Promise<RunningProcess[]> {
  const all = process.platform === 'linux' ? await readProc() : await askPs();
  return all.filter(({ command }) => command.includes(`${workFolder}/tmp/ministack-lambda-`));
}

/**
 * Ends at once what runs the functions whose names begin so. Answers how many processes that was.
 * @param name `Postrider-`: of all functions of a stack; `Postrider-PostriderAccount`: of one
 */
export async function killFunctions(workFolder: string, name: string): Promise<number> {
  const all = await listProcesses(workFolder);
  const found = all.filter(({ command }) => command.includes(`-${name}`));
  killAll(found);
  return found.length;
}

/** Ends processes at once; one that has ended by itself is no matter. */
export function killAll(processes: readonly RunningProcess[]): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

async function readProc(): Promise<RunningProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return { pid: Number(pid), command: text.replaceAll('\0', ' ') };
    }),
  );
}

async function askPs(): Promise<RunningProcess[]> {
  const lines = (await run('ps', ['-eo', 'pid=,args='])).split('\n');
  return lines.map((line) => {
    const [, pid, command = ''] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    return { pid: Number(pid), command };
  });
}
