import { Refusal, printable } from '../refusal.ts';
import { placeOf } from './fields.ts';
import type { PlacedRow, Row } from './read-rows.ts';

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
  if (alone) {
    const place = placeOf(alone.line, idOf(alone.row));
    throw new Refusal(`${place}: it has no \`url\`, and its \`id\` is that of no endpoint of the file.`);
  }
  for (const { row, line } of rows) refuseHidden(row, placeOf(line, idOf(row)));
  const byId = Map.groupBy(others, ({ row }) => row['id']);
  return endpoints.map(({ row, line }) => ({
    row: Object.assign({}, ...(byId.get(row['id']) ?? []).map((other) => other.row), row),
    line,
  }));
}

function refuseHidden({ sensitive, headers }: Row, place: string): void {
  const names: unknown[] = Array.isArray(sensitive) ? sensitive : [];
  const hidden = names.find((name) => !Object.hasOwn({ ...(headers as object | undefined) }, String(name)));
  if (hidden === undefined) return;
  const name = printable(String(hidden));
  throw new Refusal(
    `${place}: Svix does not show its header ${name}. Add it to \`headers\`, and leave \`sensitive\` out.`,
  );
}

function idOf({ id }: Row): string | undefined {
  return typeof id === 'string' ? id : undefined;
}
