import type { Writable } from 'node:stream';

/** Writes lines to a stream, all of one turn of the event loop at once: under load a write a line would be slow. */
export interface LineWriter {
  write(line: string): void;
  /** Past what is held. */
  writeNow(line: string): void;
  /** Keeps lines back until {@link LineWriter.release}. */
  hold(): void;
  release(): void;
  /** Resolves when everything has been written, or the reader is gone. */
  flush(): Promise<void>;
}

export function createLineWriter(stream: Writable): LineWriter {
  let lines: string[] = [];
  let held = false;
  let scheduled = false;
  let broken = false;
  // Who reads a pipe may go away; that is no reason to stop delivering.
  stream.on('error', () => {
    broken = true;
  });

  function writeOut(): void {
    scheduled = false;
    if (held || lines.length === 0) return;
    const text = `${lines.join('\n')}\n`;
    lines = [];
    if (!broken) stream.write(text);
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(writeOut);
  }

  return {
    write(line) {
      lines.push(line);
      schedule();
    },
    writeNow(line) {
      if (!broken) stream.write(`${line}\n`);
    },
    hold() {
      held = true;
    },
    release() {
      held = false;
      writeOut();
    },
    flush() {
      held = false;
      writeOut();
      return new Promise((resolve) => {
        if (broken) resolve();
        else stream.write('', () => resolve());
      });
    },
  };
}
