import { Refusal } from '../refusal.ts';
import { filterOnData } from './outpost-filter.ts';
import type { PlacedRow, Row } from './read-rows.ts';
import { withSecrets } from './svix-answers.ts';

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

/** The endpoints of an export. @throws Refusal with the line of what is none of that format */
export function readEndpoints(rows: readonly PlacedRow[], format: Format, now: number): ImportedEndpoint[] {
  const whole = format === 'svix' ? withSecrets(rows) : rows;
  return whole.map((one) => readEndpoint(one, format, now));
}

function readEndpoint({ row: { id, ...row }, line }: PlacedRow, format: Format, now: number): ImportedEndpoint {
  if (typeof id !== 'string' && typeof id !== 'number') {
    throw new Refusal(`Line ${line}: give \`id\`, what the endpoint was called before. It is imported once by that.`);
  }
  const sourceId = String(id);
  if (sourceId === '' || sourceId.length > 200) throw new Refusal(`Line ${line}: \`id\` must be 1 to 200 characters.`);
  return { sourceId, ...READERS[format](row, line, now) };
}

type Read = Omit<ImportedEndpoint, 'sourceId'>;

const READERS: Readonly<Record<Format, (row: Row, line: number, now: number) => Read>> = {
  postrider: ({ tenant_id: tenant, number, disabled, ...body }, line) => ({
    tenantId: textOf(tenant),
    body,
    number: numberOf(number, line),
    disabled: disabled === true,
  }),
  svix: (row, line) => {
    if (isAny(row['channels'])) {
      throw new Refusal(
        `Line ${line}: it listens to \`channels\`, which Postrider does not have. Take them out, for all events of its types.`,
      );
    }
    return {
      tenantId: textOf(row['appUid'] ?? row['appId']),
      body: present({
        ...common(row),
        label: row['description'] === '' ? undefined : row['description'],
        // The second of two names is that of Svix's newer API.
        events: row['filterTypes'] ?? row['eventTypes'] ?? ['*'],
        signing_secret: row['secret'] ?? row['key'],
        rate_limit_per_second: row['rateLimit'] ?? row['throttleRate'],
        headers: row['headers'],
      }),
      number: undefined,
      disabled: row['disabled'] === true,
    };
  },
  outpost: (row, line, now) => {
    if (row['type'] !== 'webhook') {
      throw new Refusal(`Line ${line}: only destinations of type \`webhook\` can move. List them with ?type=webhook.`);
    }
    if (isAny(row['delivery_metadata'])) {
      throw new Refusal(`Line ${line}: its \`delivery_metadata\` can’t be imported. Make it \`custom_headers\`.`);
    }
    const config = row['config'] as Row | undefined;
    const credentials = row['credentials'] as Row | undefined;
    return {
      tenantId: textOf(row['tenant_id']),
      body: present({
        ...common(row),
        url: config?.['url'],
        events: row['topics'] === '*' ? ['*'] : row['topics'],
        signing_secret: credentials?.['secret'],
        previous_secret: outpostPrevious(credentials, now),
        filter: outpostFilter(row['filter'], line),
        headers: outpostHeaders(config?.['custom_headers'], line),
      }),
      number: undefined,
      disabled: typeof row['disabled_at'] === 'string',
    };
  },
};

/** What is called the same everywhere, and what may be put beside. */
function common({ url, metadata, dialect, also_standard }: Row): Row {
  return { url, metadata, dialect, also_standard };
}

function isAny(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** Outpost shows them as the text of a JSON object. */
function outpostHeaders(headers: unknown, line: number): unknown {
  if (typeof headers !== 'string') return headers;
  if (headers === '') return undefined;
  try {
    return JSON.parse(headers);
  } catch {
    // Not with the text, which may have a secret.
    throw new Refusal(`Line ${line}: its \`custom_headers\` must be the text of one JSON object.`);
  }
}

/** While a rotation's old secret is still good there. */
function outpostPrevious(credentials: Row | undefined, now: number): Row | undefined {
  const { previous_secret: secret, previous_secret_invalid_at: end } = credentials ?? {};
  if (typeof secret !== 'string' || typeof end !== 'string' || !(Date.parse(end) > now)) return undefined;
  return { signing_secret: secret, expires_at: end };
}

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
