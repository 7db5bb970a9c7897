import { readFileSync } from 'node:fs';
import { EVENT_BRIDGE_FIELDS, SourceFieldError, readSourceFields } from '../../api/sources/source-fields.ts';
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
    const fields: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return readSourceFields(fields, saysTypeOrData(fields) ? [] : EVENT_BRIDGE_FIELDS);
  } catch (cause) {
    if (cause instanceof SourceFieldError) throw new StartFailure(`${file}: ${cause.message}`, { cause });
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StartFailure(`The fields in ${file} can't be read: ${why}`, { cause });
  }
}

/** A list that says neither is one for events of EventBridge, whose envelope has both. */
function saysTypeOrData(fields: unknown): boolean {
  const names = Array.isArray(fields) ? fields.map((field: { name?: unknown } | null) => field?.name) : [];
  return names.includes('type') || names.includes('data');
}
