import { Postrider, isApiError } from '@postrider/sdk';
import { replace } from '../router/place.ts';
import { readConfig } from './config.ts';
import { keepInTouch } from './expiry.ts';
import { type SessionShown, endSession, isOf, sessionState } from './session.ts';
import { applyTheme, clearTheme } from './theme.ts';

const CODE = /^prc_[\w-]+$/;

/**
 * Opens the session of the link that the page was opened by: `#code=prc_…`, and with `&to=/history/del_…` at that place.
 * The code is good once and for a minute; it leaves the address bar before anything else happens.
 */
export async function openSession(): Promise<void> {
  const given = new URLSearchParams(location.hash.slice(1));
  const code = given.get('code');
  const key = import.meta.env.DEV ? given.get('key') : null;
  const to = given.get('to') ?? '/';
  if (code ?? key) replace(`#${to.startsWith('/') ? to : '/'}`);
  try {
    const { api } = await readConfig();
    const baseUrl = new URL(api, location.href).href.replace(/\/$/, '');
    if (code !== null && !CODE.test(code)) endSession('bad-link');
    else if (code !== null) await exchange(code, baseUrl);
    else if (key !== null) begin(key, baseUrl, sessionOfKey());
    else endSession('no-link');
  } catch (error) {
    endSession('failed', error);
  }
}

/** A link that was opened in the page that is open already. */
addEventListener('hashchange', () => {
  if (location.hash.startsWith('#code=')) void openSession();
});

async function exchange(code: string, baseUrl: string): Promise<void> {
  try {
    const client = new Postrider({ apiKey: code, baseUrl, fetch: bareFetch });
    const { token, session } = await client.portal.exchange();
    begin(token, baseUrl, session);
  } catch (error) {
    if (!isApiError(error, 'unauthorized')) throw error;
    endSession('bad-link');
  }
}

function begin(token: string, baseUrl: string, shown: SessionShown): void {
  const isCurrent = () => isOf(client, sessionState.peek());
  const fetch = sessionFetch(isCurrent);
  const client: Postrider = new Postrider({ apiKey: token, baseUrl, retries: 1, timeout: 20_000, fetch });
  sessionState.value = { kind: 'open', session: { client, baseUrl, shown } };
  const { style } = document.documentElement;
  clearTheme(style);
  applyTheme(shown.theme, style);
  keepInTouch();
}

/** Without cookies, those of the page around it included, and without a copy in the browser's cache. */
const bareFetch: typeof fetch = (input, init) => fetch(input, { ...init, credentials: 'omit', cache: 'no-store' });

/** Ends the session when the service no longer knows its token. @param isCurrent is it still the one of this page? */
const sessionFetch =
  (isCurrent: () => boolean): typeof fetch =>
  async (input, init) => {
    const response = await bareFetch(input, init);
    if (response.status === 401 && isCurrent()) endSession('ended');
    return response;
  };

/** While the page is developed: an API key in the place of a session (`npm run dev -w console`, then `#key=prk_…`). */
function sessionOfKey(): SessionShown {
  return {
    id: 'ses_development',
    tenant_id: null,
    user: 'developer',
    access: 'manage',
    screens: [
      'overview',
      'tenants',
      'endpoints',
      'history',
      'events',
      'catalogue',
      'api-keys',
      'second-factor',
      'audit',
    ],
    scopes: ['endpoints:write', 'deliveries:write', 'keys:write', 'mfa:write', 'event-types:write', 'tenants:write'],
    theme: { name: null, logo: null, accent: null, radius: null, font: null, mode: null },
    opened_at: null,
    expires_at: new Date(Date.now() + 3_600_000).toISOString(),
  };
}
