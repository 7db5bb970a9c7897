import { Refusal } from '../refusal.ts';
import type { PlacedRow } from './read-rows.ts';

/**
 * Svix answers an endpoint, its secret (`{"key"}`) and its headers (`{"headers", "sensitive"}`) in calls of their own: here
 * the answers of one endpoint, each with its `id`, are put together.
 * @throws Refusal for what belongs to no endpoint, and for headers that Svix keeps to itself
 */
export function withSecrets(rows: readonly PlacedRow[]): PlacedRow[] {
  const endpoints = rows.filter(({ row }) => row['url'] !== undefined);
  const ids = new Set(endpoints.map(({ row }) => row['id']));
  const others = rows.filter(({ row }) => row['url'] === undefined);
  const alone = others.find(({ row }) => !ids.has(row['id']));
  if (alone)
    throw new Refusal(`Line ${alone.line}: it has no \`url\`, and its \`id\` is that of no endpoint of the file.`);
  for (const { row, line } of rows) refuseHidden(row['sensitive'], row['headers'], line);
  const byId = Map.groupBy(others, ({ row }) => row['id']);
  return endpoints.map(({ row, line }) => ({
    row: Object.assign({}, ...(byId.get(row['id']) ?? []).map((other) => other.row), row),
    line,
  }));
}

function refuseHidden(sensitive: unknown, headers: unknown, line: number): void {
  const names: unknown[] = Array.isArray(sensitive) ? sensitive : [];
  const hidden = names.find((name) => !Object.hasOwn({ ...(headers as object | undefined) }, String(name)));
  if (hidden === undefined) return;
  throw new Refusal(
    `Line ${line}: Svix does not show its header ${String(hidden)}. Add it to \`headers\`, and leave \`sensitive\` out.`,
  );
}
