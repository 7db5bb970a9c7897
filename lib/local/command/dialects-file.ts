import { readFileSync } from 'node:fs';
import type { DialectDefinition } from '../../dialects/declared/definition.ts';
import { DialectError, readDialects } from '../../dialects/own-dialects.ts';
import { StartFailure } from '../service/start-failure.ts';

/** The dialects in a JSON file. @throws StartFailure that names the file, and each mistake with its place */
export function readDialectsFile(file: string): Record<string, DialectDefinition> {
  try {
    return readDialects(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    if (cause instanceof DialectError) throw new StartFailure(`${file}: ${cause.message}`, { cause });
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StartFailure(`The dialects in ${file} can't be read: ${why}`, { cause });
  }
}
