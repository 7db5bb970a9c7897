import { Refusal } from '../refusal.ts';
import { flagOf, isAny, numberOf, placeOf, tenantOf } from './fields.ts';
import { filterOf, headersOf, previousSecretOf } from './outpost-destination.ts';
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
    const place = placeOf(line);
    throw new Refusal(`${place}: give \`id\`, what the endpoint was called before. It is imported once by that.`);
  }
  const sourceId = String(id);
  if (sourceId === '' || sourceId.length > 200) throw new Refusal(`Line ${line}: \`id\` must be 1 to 200 characters.`);
  return { sourceId, ...READERS[format](row, placeOf(line, sourceId), now) };
}

type Read = Omit<ImportedEndpoint, 'sourceId'>;

/** @param place says where the row is, before what is wrong with it. @param now milliseconds since the Unix epoch */
type Reader = (row: Row, place: string, now: number) => Read;

const READERS: Readonly<Record<Format, Reader>> = {
  postrider: ({ tenant_id: tenant, number, disabled, ...body }, place) => ({
    tenantId: tenantOf(tenant, place),
    body,
    number: numberOf(number, place),
    disabled: flagOf('disabled', disabled, place),
  }),
  svix: readSvix,
  outpost: readOutpost,
};

function readSvix(row: Row, place: string): Read {
  if (isAny(row['channels'])) {
    throw new Refusal(
      `${place}: it listens to \`channels\`, which Postrider does not have. Take them out, for all events of its types.`,
    );
  }
  return {
    tenantId: tenantOf(row['appUid'] ?? row['appId'], place),
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
    disabled: flagOf('disabled', row['disabled'], place),
  };
}

function readOutpost(row: Row, place: string, now: number): Read {
  if (row['type'] !== 'webhook') {
    throw new Refusal(`${place}: only destinations of type \`webhook\` can move. List them with ?type=webhook.`);
  }
  if (isAny(row['delivery_metadata'])) {
    throw new Refusal(`${place}: its \`delivery_metadata\` can’t be imported. Make it \`custom_headers\`.`);
  }
  const config = row['config'] as Row | undefined;
  const credentials = row['credentials'] as Row | undefined;
  return {
    tenantId: tenantOf(row['tenant_id'], place),
    body: present({
      ...common(row),
      url: config?.['url'],
      events: row['topics'] === '*' ? ['*'] : row['topics'],
      signing_secret: credentials?.['secret'],
      previous_secret: previousSecretOf(credentials, now),
      filter: filterOf(row['filter'], place),
      headers: headersOf(config?.['custom_headers'], place),
    }),
    number: undefined,
    disabled: typeof row['disabled_at'] === 'string',
  };
}

/** What is called the same everywhere, and what may be put beside. */
function common({ url, metadata, dialect, also_standard }: Row): Row {
  return { url, metadata, dialect, also_standard };
}

function present(fields: Row): Row {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}
