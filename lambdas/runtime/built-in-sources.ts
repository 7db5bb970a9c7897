import type { SourceField } from '../../lib/api/sources/source-fields.ts';

/** Written into the bundle by the stack (lib/infra/bundled-lambda.ts), which has validated them; absent outside of one. */
declare const POSTRIDER_SOURCES: Readonly<Record<string, readonly SourceField[] | null>> | undefined;

/** How the messages of a source become events; undefined: they are events. */
export function fieldsOfSource(name: string): readonly SourceField[] | undefined {
  return (typeof POSTRIDER_SOURCES === 'undefined' ? undefined : POSTRIDER_SOURCES[name]) ?? undefined;
}
