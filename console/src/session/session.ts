import { computed, signal } from '@preact/signals';
import type { Postrider, Scope } from '@postrider/sdk';
import { place } from '../router/place.ts';
import type { Theme } from './theme.ts';

/** What the service says of a session. */
export interface SessionShown {
  id: string;
  /** null: of the platform, for its operator. */
  tenant_id: string | null;
  user: string;
  access: 'read' | 'manage';
  /** The screens that it may show, in the order of the navigation. */
  screens: readonly string[];
  scopes: readonly string[];
  theme: Theme;
  opened_at: string | null;
  expires_at: string;
}

/** The token is in the client and nowhere else: a reload of the page ends the session. */
export interface Session {
  client: Postrider;
  /** Where the API is, without `/v1`. */
  baseUrl: string;
  shown: SessionShown;
}

/** Why there is no session. */
export type Missing = 'no-link' | 'bad-link' | 'failed' | 'ended' | 'left';

export type SessionState =
  { kind: 'starting' } | { kind: 'open'; session: Session } | { kind: 'none'; why: Missing; error?: unknown };

/** Is it the open session of this client? */
export function isOf(client: Postrider, state: SessionState): state is Extract<SessionState, { kind: 'open' }> {
  return state.kind === 'open' && state.session.client === client;
}

export const sessionState = signal<SessionState>({ kind: 'starting' });

/** @throws Error outside a session: only screens call it, and they are drawn in one */
export function session(): Session {
  const state = sessionState.value;
  if (state.kind !== 'open') throw new Error('There is no session.');
  return state.session;
}

const clientOfPlace = computed((): Postrider => {
  const { client, shown } = session();
  const other = shown.tenant_id === null ? place.value.tenant : undefined;
  return other === undefined ? client : client.tenant(other);
});

/** The client for whoever's data the place is about. */
export const api = (): Postrider => clientOfPlace.value;

/** A screen leaves out what would be refused. */
export function may(scope: Scope): boolean {
  return session().shown.scopes.includes(scope);
}

/** Has the session this screen? */
export function shows(screen: string): boolean {
  return session().shown.screens.includes(screen);
}

/** Is it the operator, who looks at all tenants? */
export const isOperator = () => session().shown.tenant_id === null;

/** Ends it here: the token is forgotten. */
export function endSession(why: Missing, error?: unknown): void {
  sessionState.value = { kind: 'none', why, error };
}
