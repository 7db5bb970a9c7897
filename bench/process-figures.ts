import { readFileSync } from 'node:fs';

/** A clock tick of `/proc` (proc_pid_stat(5)): `sysconf(_SC_CLK_TCK)`, which is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
/** Of the fields after the command’s name, which may hold spaces: user and system time. */
const USER_TIME = 11;
const SYSTEM_TIME = 12;

/** Processor seconds that a process has used, all threads together; NaN where there is no `/proc`. */
export function processorSeconds(pid: number): number {
  const fields = readProc(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME])) / TICKS_PER_SECOND;
}

/** Proportional set size in MB: resident memory, with what is shared counted in part; NaN where there is no `/proc`. */
export function proportionalMegabytes(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(readProc(pid, 'smaps_rollup'))?.[1]) / 1024;
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
