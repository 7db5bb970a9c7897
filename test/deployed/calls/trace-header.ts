import type { Invocation } from './function-request.ts';

/**
 * The trace header that the emulated Lambda gives an invocation. The SDK of a function hands it on with each request, as
 * it hands on the `Lineage` that Lambda's loop detection counts by ("Use Lambda recursive loop detection to prevent
 * infinite loops"). In place of a count it has the messages that the function was called with: who sent them is known.
 */
export function formatTrace({ functionName, startedAt, received }: Invocation): string {
  const root = `1-${Math.floor(startedAt / 1000).toString(16)}-${'0'.repeat(24)}`;
  return `Root=${root};Sampled=0;Function=${functionName};StartedAt=${startedAt};Received=${received.join(',')}`;
}

/** The reverse of {@link formatTrace}; undefined for any other header. */
export function parseTrace(header: string): Invocation | undefined {
  const fields = Object.fromEntries(header.split(';').map((field) => field.split('=') as [string, string]));
  const { Function: functionName, StartedAt, Received = '' } = fields;
  if (functionName === undefined || StartedAt === undefined) return undefined;
  return { functionName, startedAt: Number(StartedAt), received: Received.split(',').filter((id) => id !== '') };
}
