import type { ComponentType } from 'preact';
import { type Params, type ScreenProps, match } from './router/place.ts';

export interface ScreenEntry {
  /**
   * The session's word for it, and that of the navigation: several places can belong to one. What its path begins with,
   * unless `screenOf` says otherwise.
   */
  name: string;
  /** `:id` is a parameter. */
  path: string;
  /** Its code comes when it is first opened. */
  load: () => Promise<{ Screen: ComponentType<ScreenProps> }>;
}

/** Every place of the console. The first of a name is where the navigation leads. */
export const SCREENS: readonly ScreenEntry[] = [
  { name: 'endpoints', path: '/endpoints', load: () => import('./screens/endpoints/list.tsx') },
  { name: 'endpoints', path: '/endpoints/new', load: () => import('./screens/endpoint-form/new.tsx') },
  { name: 'endpoints', path: '/endpoints/:id', load: () => import('./screens/endpoint/endpoint.tsx') },
  { name: 'endpoints', path: '/endpoints/:id/edit', load: () => import('./screens/endpoint-form/edit.tsx') },
  { name: 'history', path: '/history', load: () => import('./screens/history/list.tsx') },
  { name: 'history', path: '/history/:id', load: () => import('./screens/delivery/delivery.tsx') },
  { name: 'events', path: '/events', load: () => import('./screens/events/list.tsx') },
  { name: 'events', path: '/events/:id', load: () => import('./screens/events/event.tsx') },
  { name: 'catalogue', path: '/event-types', load: () => import('./screens/catalogue/list.tsx') },
  { name: 'catalogue', path: '/event-types/:type', load: () => import('./screens/catalogue/event-type.tsx') },
  { name: 'alerts', path: '/alerts', load: () => import('./screens/alerts/page.tsx') },
  { name: 'api-keys', path: '/api-keys', load: () => import('./screens/api-keys/list.tsx') },
  { name: 'second-factor', path: '/second-factor', load: () => import('./screens/second-factor/page.tsx') },
  { name: 'audit', path: '/audit-log', load: () => import('./screens/audit/list.tsx') },
  { name: 'overview', path: '/overview', load: () => import('./screens/operator/overview.tsx') },
  { name: 'tenants', path: '/tenants', load: () => import('./screens/operator/tenants.tsx') },
  { name: 'troubled', path: '/troubled', load: () => import('./screens/operator/troubled.tsx') },
  { name: 'dead-letters', path: '/dead-letters', load: () => import('./screens/operator/dead-letters.tsx') },
  { name: 'jobs', path: '/jobs', load: () => import('./screens/operator/jobs.tsx') },
  { name: 'sessions', path: '/sessions', load: () => import('./screens/operator/sessions.tsx') },
  { name: 'settings', path: '/settings', load: () => import('./screens/operator/settings.tsx') },
];

export type Group = 'main' | 'account' | 'platform';

/** Where a screen stands in the navigation. Those of `main` are about one tenant. */
const GROUPS: Readonly<Record<Group, readonly string[]>> = {
  platform: ['overview', 'tenants', 'troubled', 'dead-letters', 'jobs'],
  main: ['endpoints', 'history', 'events', 'catalogue', 'alerts'],
  account: ['api-keys', 'second-factor', 'audit', 'sessions', 'settings'],
};

export function screenAt(path: string): { entry: ScreenEntry; params: Params } | undefined {
  for (const entry of SCREENS) {
    const params = match(entry.path, path);
    if (params) return { entry, params };
  }
  return undefined;
}

export function pathOf(name: string): string | undefined {
  return SCREENS.find((entry) => entry.name === name)?.path;
}

/** The navigation of a session, in the order that it gives. @param names its screens */
export function navigation(names: readonly string[]): readonly { group: Group; names: readonly string[] }[] {
  const there = names.filter((name) => pathOf(name) !== undefined);
  return (Object.keys(GROUPS) as Group[])
    .map((group) => ({ group, names: there.filter((name) => GROUPS[group].includes(name)) }))
    .filter(({ names }) => names.length > 0);
}

export const isOfTenant = (name: string) => GROUPS.main.includes(name);
