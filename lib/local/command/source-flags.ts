import { readFileSync } from 'node:fs';
import { SourceFieldError, readSourceFields } from '../../api/sources/source-fields.ts';
import { StartFailure } from '../service/start-failure.ts';
import type { SourceOptions } from '../sources/start-source.ts';

export interface SourceFlags {
  source?: string;
  sourceFields?: string;
}

/** @throws StartFailure that names the file, and each mistake with its place */
export function sourceOption({ source, sourceFields }: SourceFlags): SourceOptions | undefined {
  if (source === undefined) {
    if (sourceFields === undefined) return undefined;
    throw new StartFailure('--source-fields goes with --source: name the file of events, too.');
  }
  const from = source === '-' ? process.stdin : source;
  return { from, ...(sourceFields !== undefined && { fields: readFieldsFile(sourceFields) }) };
}

function readFieldsFile(file: string) {
  try {
    return readSourceFields(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    if (cause instanceof SourceFieldError) throw new StartFailure(`${file}: ${cause.message}`, { cause });
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StartFailure(`The fields in ${file} can't be read: ${why}`, { cause });
  }
}
