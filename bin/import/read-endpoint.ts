import { Refusal } from '../refusal.ts';
import { filterOnData } from './outpost-filter.ts';
import { type Row, readRow } from './read-lines.ts';

export const FORMATS = ['postrider', 'svix', 'outpost'] as const;
export type Format = (typeof FORMATS)[number];

/** An endpoint of an export. */
export interface ImportedEndpoint {
  /** What it was called there: it is imported once. */
  sourceId: string;
  tenantId: string | undefined;
  /** As `POST /v1/endpoints` takes it; the API validates it. */
  body: Record<string, unknown>;
  /** The integer id that customers know it by. */
  number: number | undefined;
  disabled: boolean;
}

/** A line of an export. @throws Refusal with the line when it is no endpoint of that format */
export function readEndpoint(text: string, format: Format, line: number): ImportedEndpoint {
  const { id, ...row } = readRow(text, line);
  if (typeof id !== 'string' && typeof id !== 'number') {
    throw new Refusal(`Line ${line}: give \`id\`, what the endpoint was called before. It is imported once by that.`);
  }
  const sourceId = String(id);
  if (sourceId === '' || sourceId.length > 200) throw new Refusal(`Line ${line}: \`id\` must be 1 to 200 characters.`);
  return { sourceId, ...READERS[format](row, line) };
}

type Read = Omit<ImportedEndpoint, 'sourceId'>;

const READERS: Readonly<Record<Format, (row: Row, line: number) => Read>> = {
  postrider: ({ tenant_id: tenant, number, disabled, ...body }, line) => ({
    tenantId: textOf(tenant),
    body,
    number: numberOf(number, line),
    disabled: disabled === true,
  }),
  svix: (row) => ({
    tenantId: textOf(row['appUid'] ?? row['appId']),
    body: present({
      url: row['url'],
      label: row['description'] === '' ? undefined : row['description'],
      events: row['filterTypes'] ?? ['*'],
      dialect: 'standard',
      signing_secret: row['secret'] ?? row['key'],
      rate_limit_per_second: row['rateLimit'] ?? undefined,
      metadata: row['metadata'],
    }),
    number: undefined,
    disabled: row['disabled'] === true,
  }),
  outpost: (row, line) => {
    if (row['type'] !== 'webhook') throw new Refusal(`Line ${line}: only destinations of type \`webhook\` can move.`);
    return {
      tenantId: textOf(row['tenant_id']),
      body: present({
        url: (row['config'] as Row | undefined)?.['url'],
        events: row['topics'] === '*' ? ['*'] : row['topics'],
        signing_secret: (row['credentials'] as Row | undefined)?.['secret'],
        metadata: row['metadata'],
        filter: outpostFilter(row['filter'], line),
      }),
      number: undefined,
      disabled: typeof row['disabled_at'] === 'string',
    };
  },
};

function outpostFilter(filter: unknown, line: number): unknown {
  if (!filter || Object.keys(filter).length === 0) return undefined;
  const onData = filterOnData(filter);
  if (onData) return onData;
  throw new Refusal(`Line ${line}: its filter asks for more than \`data\`, which can’t be imported. Rewrite it.`);
}

function numberOf(value: unknown, line: number): number | undefined {
  if (value === undefined || (Number.isSafeInteger(value) && (value as number) > 0)) return value as number | undefined;
  throw new Refusal(`Line ${line}: \`number\` must be a positive whole number.`);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function present(fields: Row): Row {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}
