import type { Writable } from 'node:stream';

/** Writes lines to a stream, batched by turn of the event loop: under load, one write per line would be slow. */
export interface LineWriter {
  write(line: string): void;
  /** Writes at once, ahead of lines that are held back. */
  writeNow(line: string): void;
  /** Holds lines back until {@link LineWriter.release}. */
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
  // The reader of a pipe may exit. The service keeps delivering.
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
