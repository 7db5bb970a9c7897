import { entriesOf } from './catalogue.ts';
import { declaredDialect } from './declared/declared.ts';
import type { DialectDefinition } from './declared/definition.ts';
import type { Dialect } from './dialect.ts';
import { discordDialect } from './discord/discord.ts';
import { slackDialect } from './slack/slack.ts';
import { standard } from './standard/standard.ts';
import { vellum } from './vellum/vellum.ts';
import { vem } from './vem/vem.ts';
import { ventryx } from './ventryx/ventryx.ts';
import { veriswarm } from './veriswarm/veriswarm.ts';

const platforms = { standard, vem, veriswarm, vellum, ventryx } satisfies Record<string, Dialect>;

/** Every dialect, by the name that endpoints store. Adding one takes a folder and a line here: see {@link Dialect}. */
export const dialects = {
  ...platforms,
  slack: slackDialect(describeType),
  discord: discordDialect(describeType),
} satisfies Record<string, Dialect>;

export type DialectName = keyof typeof dialects;
export const DIALECT_NAMES = Object.keys(dialects) as DialectName[];

/** What the platform that has an event type says of it. */
function describeType(type: string): string | undefined {
  return DESCRIPTIONS.get(type);
}

const DESCRIPTIONS: ReadonlyMap<string, string> = new Map(
  Object.values(platforms)
    .flatMap(({ catalogue }) => entriesOf(catalogue))
    .flatMap(({ type, alias, description }) =>
      [type, ...(alias === undefined ? [] : [alias])].map((name) => [name, description] as const),
    ),
);

/** The deployment's own dialects, as data. */
const added = new Map<string, { definition: DialectDefinition; dialect: Dialect }>();

/**
 * Adds the dialects of a deployment: once, while its process starts, before it reads an endpoint. They hold for the whole
 * process (docs/adr/0031).
 * @throws Error for a name that means something else already
 */
export function addDialects(definitions: Readonly<Record<string, DialectDefinition>>): void {
  for (const [name, definition] of Object.entries(definitions)) {
    const before = added.get(name);
    if (before && JSON.stringify(before.definition) === JSON.stringify(definition)) continue;
    if (before || Object.hasOwn(dialects, name)) throw new Error(`There is a dialect ${JSON.stringify(name)} already.`);
    added.set(name, { definition, dialect: declaredDialect(definition) });
  }
}

/** Those that come with Postrider, and the deployment's own. */
export function dialectNames(): string[] {
  return [...DIALECT_NAMES, ...added.keys()];
}

/** @throws Error for a name that no stored endpoint can have */
export function dialectNamed(name: string): Dialect {
  const dialect = Object.hasOwn(dialects, name) ? dialects[name as DialectName] : added.get(name)?.dialect;
  if (dialect) return dialect;
  throw new Error(
    `There is no dialect ${JSON.stringify(name)}, but an endpoint uses it: give its definition again, by --dialects or the prop dialects.`,
  );
}

const OWNERS_OF_URLS = DIALECT_NAMES.filter((name) => dialects[name].ownsUrl);

/** The dialect of the platform that a URL belongs to. */
export function dialectOwning(url: string): DialectName | undefined {
  const parsed = URL.parse(url);
  return parsed ? OWNERS_OF_URLS.find((name) => dialects[name].ownsUrl?.(parsed)) : undefined;
}

/** What names an endpoint's dialect. */
interface Addressed {
  url: string;
  /** The one that it was given. */
  dialect: string;
}

/** The name of the dialect that an endpoint gets. */
export function dialectNameOf({ url, dialect }: Addressed): string {
  return dialectOwning(url) ?? dialect;
}

/** @throws Error when its dialect is not there (any more) */
export function dialectOf(endpoint: Addressed): Dialect {
  return dialectNamed(dialectNameOf(endpoint));
}

/**
 * What any dialect reserves, reserved on every endpoint: an endpoint's edit doesn't name its dialect, and no customer
 * should get a signature header that a tenant made up.
 */
export function reservedHeaders(): string[] {
  return dialectNames().flatMap((name) => dialectNamed(name).reservedHeaders);
}
