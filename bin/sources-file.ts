import { readFileSync } from 'node:fs';
import type { EventPattern } from 'aws-cdk-lib/aws-events';
import * as z from 'zod';
import type { SourceProps, SourcesProps } from '../lib/infra/source.ts';

const ofAny = { fields: z.array(z.unknown()).optional(), maximumConcurrency: z.int().min(2).max(1000).optional() };

/** As EventBridge writes it: JSON, with `detail-type`. */
const pattern = z.record(z.string(), z.unknown());
const source = z.union(
  [
    z.strictObject({ ...ofAny, eventBridge: z.strictObject({ pattern, bus: z.string().optional() }) }),
    z.strictObject({ ...ofAny, queue: z.string().regex(/^arn:/, 'must be an ARN') }),
  ],
  'must have `eventBridge` (with a `pattern`, and the name of a `bus`) or `queue` (an ARN), and may have `fields`',
);
const sources = z.record(z.string(), source);

/** The sources in a JSON file, for `cdk deploy -c sources=FILE` (docs/sources.md). @throws RangeError for what is no source */
export function readSourcesFile(file: string): SourcesProps {
  const result = sources.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!result.success) {
    const [{ path, message } = { path: [], message: '' }] = result.error.issues;
    throw new RangeError(`${file}: ${path.join('.')}: ${message}`);
  }
  return Object.fromEntries(Object.entries(result.data).map(([name, one]) => [name, propsOf(one)]));
}

function propsOf({ fields, maximumConcurrency, ...from }: z.output<typeof source>): SourceProps {
  const shared = { ...(fields && { fields }), ...(maximumConcurrency !== undefined && { maximumConcurrency }) };
  if ('queue' in from) return { ...shared, queue: from.queue };
  const { bus, pattern: written } = from.eventBridge;
  const { 'detail-type': detailType, ...rest } = written;
  const eventPattern = { ...rest, ...(detailType !== undefined && { detailType }) } as EventPattern;
  return { ...shared, eventBridge: { pattern: eventPattern, ...(bus !== undefined && { bus }) } };
}
