import { computed, signal } from '@preact/signals';

/**
 * Where the person is: `#/@acme/endpoints?status=paused`.
 *
 * Places are in the fragment, so the page is one file that works under any path, in an iframe too, and no place of it is
 * ever in a server's log. Filters are in its query, so a place can be sent to a colleague.
 */
export interface Place {
  /** Whose data an operator looks at; undefined: their own. */
  tenant: string | undefined;
  path: string;
  query: URLSearchParams;
}

export const place = signal<Place>(placeOf(location.hash));

/** The query of the place; a screen that reads it is drawn again when it changes. */
export const query = computed(() => place.value.query);

addEventListener('hashchange', () => {
  place.value = placeOf(location.hash);
});

/** @param href of a place: an address's fragment, with its `#` */
export function placeOf(href: string): Place {
  const [whole = '', search = ''] = href.replace(/^#/, '').split('?', 2);
  const [, tenant, rest] = /^\/@([^/]*)(.*)$/.exec(whole) ?? [];
  const path = (rest ?? whole).replace(/\/+$/, '') || '/';
  return { tenant: tenant === undefined ? undefined : unescape(tenant), path, query: new URLSearchParams(search) };
}

/** A text that is no escape stays as it is: anybody can type anything there. */
function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The screens whose paths begin with another word than their name. */
const NAMES: Readonly<Record<string, string>> = { 'event-types': 'catalogue', 'audit-log': 'audit' };

/** The session's word for the screen of a place. @param href made by `hrefTo` */
export function screenOf(href: string): string {
  const [, first = ''] = placeOf(href).path.split('/');
  return NAMES[first] ?? first;
}

export type Query = Readonly<Record<string, string | undefined>>;

export interface To {
  query?: Query;
  /** Another tenant than that of this place; null: none. */
  tenant?: string | null;
}

/** The link to a place. @param path each variable part made by `segment` */
export function hrefTo(path: string, { query = {}, tenant = place.value.tenant ?? null }: To = {}): string {
  const given = Object.entries(query).filter((one): one is [string, string] => one[1] !== undefined && one[1] !== '');
  const search = new URLSearchParams(given).toString();
  return `#${tenant === null ? '' : `/@${encodeURIComponent(tenant)}`}${path}${search && `?${search}`}`;
}

export const segment = encodeURIComponent;

export function go(path: string, to?: To): void {
  location.hash = hrefTo(path, to);
}

/** Changes filters of the place where the person is, without a step in the history. */
export function setQuery(changes: Query): void {
  const query = { ...Object.fromEntries(place.value.query), ...changes };
  replace(hrefTo(place.value.path, { query }));
}

/** @param href made by `hrefTo` */
export function replace(href: string): void {
  history.replaceState(null, '', href);
  place.value = placeOf(location.hash);
}

export type Params = Readonly<Record<string, string>>;

/** What a screen is given. */
export interface ScreenProps {
  /** The variable parts of its path. */
  params: Params;
}

/**
 * @param pattern such as `/endpoints/:id`
 * @returns the parts that it names; undefined where the path is another
 */
export function match(pattern: string, path: string): Params | undefined {
  const parts = path.split('/');
  const wanted = pattern.split('/');
  if (parts.length !== wanted.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, name] of wanted.entries()) {
    const part = unescape(parts[at] as string);
    if (name.startsWith(':')) params[name.slice(1)] = part;
    else if (name !== part) return undefined;
  }
  return params;
}
