import type { Readable } from 'node:stream';
import type { ReadingSource } from './file-source.ts';
import { LineTaker, type Taking } from './line-source.ts';
import { LineSplitter } from './line-splitter.ts';

export interface StreamTaking extends Taking {
  input: Readable;
  maxLineBytes: number;
  /** Names this reading: a stream's lines have nothing else by which they could be known again. */
  run: string;
}

/** Reads a stream's lines to its end, no faster than they are taken in. */
export function readStream(taking: StreamTaking): ReadingSource {
  const { input, run } = taking;
  const taker = new LineTaker(taking, ({ start }) => `${run}:${start}`);
  const reading = readToEnd(taking, taker);
  return {
    async stop() {
      taker.stop();
      input.destroy();
      await reading;
    },
  };
}

async function readToEnd({ input, maxLineBytes, log, source }: StreamTaking, taker: LineTaker): Promise<void> {
  const splitter = new LineSplitter(maxLineBytes);
  try {
    for await (const chunk of input) await taker.take(splitter.push(chunk as Uint8Array));
    await taker.take(splitter.flush());
  } catch (cause) {
    if (!taker.stopped) log.error('source.read-failed', cause, { source: source.name });
    return;
  }
  if (!taker.stopped) log.info('source.ended', { source: source.name, bytes: splitter.offset });
}
