import { type Terminal, isInteractive } from '../terminal/terminal.ts';

/** What each key does; Ctrl-C is one of them, since a terminal that passes on keys does not interrupt. */
export type Keys = Readonly<Record<string, () => void>>;

export const CTRL_C = '\u0003';

/** Heeds single keys where a person is at a terminal. @returns what ends that */
export function heedKeys(terminal: Terminal, keys: Keys): () => void {
  const { stdin } = terminal;
  if (!isInteractive(terminal) || !stdin.setRawMode) return () => {};
  const press = (typed: Buffer | string) => {
    for (const key of String(typed)) if (Object.hasOwn(keys, key)) keys[key]?.();
  };
  stdin.setRawMode(true);
  stdin.on('data', press);
  return () => {
    stdin.off('data', press);
    stdin.setRawMode?.(false);
    stdin.pause();
  };
}
