import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Interrupted, type Terminal } from './terminal.ts';

/** Asks a person for a line. */
export function ask(terminal: Terminal, question: string): Promise<string> {
  return line(terminal, question, terminal.stderr);
}

/** Asks for a line that the terminal must not show: it is asked once the terminal has stopped showing what is typed. */
export async function askHidden(terminal: Terminal, question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    return await line(terminal, '', nowhere, () => terminal.stderr.write(question));
  } finally {
    terminal.stderr.write('\n');
  }
}

/** @returns false for anything but yes */
export async function confirm(terminal: Terminal, question: string): Promise<boolean> {
  return /^y(es)?$/i.test((await ask(terminal, `${question} [y/N] `)).trim());
}

/** @param isReading called when what is typed is read here, and no longer shown by the terminal */
async function line(
  { stdin, signal }: Terminal,
  question: string,
  output: Writable,
  isReading: () => void = () => {},
): Promise<string> {
  const reader = createInterface({ input: stdin, output, terminal: true });
  const ended = new AbortController();
  const end = () => ended.abort(new Interrupted());
  reader.once('SIGINT', end);
  // The end of the input (Ctrl-D) leaves a question without an answer.
  reader.once('close', end);
  try {
    const answer = reader.question(question, { signal: AbortSignal.any([signal, ended.signal]) });
    isReading();
    return await answer;
  } catch {
    throw new Interrupted();
  } finally {
    reader.off('close', end);
    reader.close();
  }
}
