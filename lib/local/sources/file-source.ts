import { createHash } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';
import type { SqliteSourcePositions } from '../../adapters/sqlite/stores/source-positions.ts';
import { LineTaker, type Taking } from './line-source.ts';
import { LineSplitter } from './line-splitter.ts';

const CHUNK_BYTES = 65_536;
/** A file that has grown is known by its first bytes. */
const HEAD_BYTES = 1024;
const LOOK_SECONDS = 1;

export interface FileTaking extends Taking {
  /** Absolute. */
  path: string;
  positions: Pick<SqliteSourcePositions, 'get' | 'put'>;
  maxLineBytes: number;
}

/** Reading that goes on in the background. */
export interface ReadingSource {
  /** Reads no further, and waits for the lines that are being taken in. */
  stop(): Promise<void>;
}

/**
 * Reads a file's lines, from where the last reading has come to, and those that are appended to it. How far it has come is
 * noted only after the lines before are accepted or refused. A file that is replaced is read from its beginning.
 */
export function followFile(taking: FileTaking): ReadingSource {
  const taker = new LineTaker(taking);
  const reading = keepReading(taking, taker);
  return {
    async stop() {
      taker.stop();
      await reading;
    },
  };
}

/** What fails is tried again: nothing is noted of it. */
async function keepReading(taking: FileTaking, taker: LineTaker): Promise<void> {
  do {
    try {
      await readUntilReplaced(taking, taker);
    } catch (cause) {
      taking.log.error('source.read-failed', cause, { source: taking.source.name });
    }
  } while (await taker.pause(LOOK_SECONDS));
}

async function readUntilReplaced(taking: FileTaking, taker: LineTaker): Promise<void> {
  await using file = await open(taking.path, 'r');
  const splitter = new LineSplitter(taking.maxLineBytes, await startIn(file, taking));
  const note = async (offset: number) => {
    await taking.positions.put(taking.path, { offset, head: await headOf(file, offset) });
  };
  const chunk = Buffer.alloc(CHUNK_BYTES);
  while (!taker.stopped) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, splitter.offset);
    if (bytesRead > 0) await taker.take(splitter.push(chunk.subarray(0, bytesRead)), note);
    else if (await isReplaced(file, taking.path, splitter.offset)) return;
    else if (!(await taker.pause(LOOK_SECONDS))) return;
  }
}

/** Where to begin: 0 in a file that is not the one that was read before. */
async function startIn(file: FileHandle, { path, positions, source, log }: FileTaking): Promise<number> {
  const noted = await positions.get(path);
  if (!noted) return 0;
  const { size } = await file.stat();
  if (size >= noted.offset && (await headOf(file, noted.offset)) === noted.head) return noted.offset;
  log.warn('source.replaced', { source: source.name });
  return 0;
}

async function headOf(file: FileHandle, offset: number): Promise<string> {
  const head = Buffer.alloc(Math.min(offset, HEAD_BYTES));
  const { bytesRead } = await file.read(head, 0, head.length, 0);
  return createHash('sha256').update(head.subarray(0, bytesRead)).digest('base64url');
}

/** Another file stands there, or this one was cut. One that is gone may come back. */
async function isReplaced(file: FileHandle, path: string, offset: number): Promise<boolean> {
  const [own, there] = await Promise.all([file.stat(), stat(path).catch(() => undefined)]);
  return own.size < offset || (there !== undefined && there.ino !== own.ino);
}
