import { spawn } from '@lydell/node-pty';
import { join } from 'node:path';

/** What somebody at a terminal does: waits for a text, and types; what is typed may need something to happen first. */
export type Script = readonly (readonly [seen: string, typed: string | (() => Promise<string>)])[];

export interface AtTerminal {
  /** Where the profiles are. */
  folder: string;
  env?: Record<string, string>;
  columns?: number;
}

/** Runs the command line in a pseudo-terminal, as a process of its own. Each text of the script is waited for in turn. */
export function atTerminal(
  args: readonly string[],
  script: Script,
  { folder, env: more = {}, columns = 80 }: AtTerminal,
): Promise<{ code: number; screen: string }> {
  const { NO_COLOR: _, ...inherited } = process.env;
  const env = { ...inherited, TERM: 'xterm', POSTRIDER_CONFIG: join(folder, 'profiles.json'), ...more };
  const options = { cols: columns, rows: 40, cwd: process.cwd(), env: env as Record<string, string> };
  const pty = spawn(process.execPath, ['cli/bin/postrider.js', ...args], options);
  const left = [...script];
  let screen = '';
  let from = 0;
  return new Promise((resolve, reject) => {
    pty.onData((data) => {
      screen += data;
      const [next] = left;
      if (!next || !screen.slice(from).includes(next[0])) return;
      from = screen.length;
      left.shift();
      const [, typed] = next;
      if (typeof typed === 'string') pty.write(typed);
      else typed().then((text) => pty.write(text), reject);
    });
    pty.onExit(({ exitCode }) => resolve({ code: exitCode, screen }));
  });
}
