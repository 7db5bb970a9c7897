import { statSync } from 'node:fs';
import { join, parse, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { RefusedLines } from '../../adapters/line-file/refused-lines.ts';
import type { SqliteStore } from '../../adapters/sqlite/store.ts';
import { DEFAULT_API_SETTINGS } from '../../api/api-settings.ts';
import { sourceOf } from '../../api/sources/read-message.ts';
import type { SourceField } from '../../api/sources/source-fields.ts';
import type { Ingest } from '../../pipeline/ingest/ingest.ts';
import { createTakeIn } from '../../pipeline/sources/take-in.ts';
import type { Ports } from '../../ports/ports.ts';
import { StartFailure } from '../service/start-failure.ts';
import type { SetTimer } from '../service/timer.ts';
import { type ReadingSource, followFile } from './file-source.ts';
import { readStream } from './stream-source.ts';

/** Where events come from, besides the API. */
export interface SourceOptions {
  /** The path of a file of JSON lines, or a stream of them. */
  from: string | Readable;
  /** How an event is made of a line; absent: the line is the event. */
  fields?: readonly SourceField[];
  /** The path of a file for what can't be an event. Default: beside the file, or in the data folder for a stream. */
  refused?: string;
}

interface SourceServices {
  ports: Pick<Ports, 'clock' | 'log' | 'random'>;
  store: Pick<SqliteStore, 'sourcePositions'>;
  ingest: Pick<Ingest, 'batch'>;
  setTimer: SetTimer;
  /** An absolute path, or `:memory:`. */
  dataDir: string;
}

const STREAM = 'stdin';
const REFUSED = '.refused.jsonl';

/** @throws StartFailure when the file can't be read */
export function startSource(options: SourceOptions, services: SourceServices): ReadingSource {
  const { from, fields } = options;
  const { ports, store, ingest, setTimer, dataDir } = services;
  const { log, clock } = ports;
  const path = typeof from === 'string' ? readableFile(from) : undefined;
  const refusedFile = options.refused ?? (path === undefined ? ofStream(dataDir) : beside(path));
  const refused = new RefusedLines(refusedFile, () => clock.now());
  const takeIn = createTakeIn({ log, refused }, ingest);
  const source = sourceOf(path ?? STREAM, fields);
  const taking = { source, takeIn, setTimer, log, maxLineBytes: DEFAULT_API_SETTINGS.maxBatchBytes };
  if (typeof from !== 'string') {
    return readStream({ ...taking, input: from, run: Buffer.from(ports.random.bytes(12)).toString('base64url') });
  }
  return followFile({ ...taking, path: path ?? from, positions: store.sourcePositions });
}

function ofStream(dataDir: string): string {
  return join(dataDir === ':memory:' ? '.' : dataDir, STREAM + REFUSED);
}

/** `events.jsonl` has `events.refused.jsonl` beside it. */
function beside(path: string): string {
  const { dir, name } = parse(path);
  return join(dir, name + REFUSED);
}

function readableFile(path: string): string {
  try {
    if (statSync(path).isFile()) return resolve(path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new StartFailure(`The source ${path} can't be read (${code}): name a file of JSON lines with --source.`, {
      cause,
    });
  }
  throw new StartFailure(`The source ${path} is no file: name a file of JSON lines, or pipe into --source -.`);
}
