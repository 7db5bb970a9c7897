import { call } from './call.ts';
import { endSession, sessionState, type SessionShown } from './session.ts';

const WARN_MS = 5 * 60_000;

/**
 * Tells the embedding page when the session is about to end, so that its backend can extend it, and reads it again when
 * that page says that it was. Neither message holds a secret.
 */
export function keepInTouch(token: string, baseUrl: string): void {
  let timer = 0;
  const ask = async () => {
    const response = await call('/v1/portal/session', 'GET', token, baseUrl);
    if (response.status === 401) return end();
    const shown = (await response.json()) as SessionShown;
    const state = sessionState.value;
    if (state.kind !== 'open') return;
    sessionState.value = { kind: 'open', session: { ...state.session, shown } };
    plan(shown);
  };
  const end = () => {
    removeEventListener('message', onMessage);
    const state = sessionState.value;
    if (state.kind !== 'open') return;
    tell('postrider:expired', state.session.shown);
    endSession('ended');
  };
  const plan = (shown: SessionShown) => {
    clearTimeout(timer);
    const left = Date.parse(shown.expires_at) - Date.now();
    if (left > WARN_MS) timer = setTimeout(() => warn(shown), left - WARN_MS);
    // It may have been extended meanwhile: the service knows.
    else timer = setTimeout(() => void ask().catch(() => plan(shown)), Math.max(left, 1000));
  };
  const warn = (shown: SessionShown) => {
    tell('postrider:expiring', shown);
    plan(shown);
  };
  const onMessage = ({ data, source }: MessageEvent<unknown>) => {
    if (source === window.parent && isExtended(data)) void ask().catch(() => undefined);
  };
  const state = sessionState.value;
  if (state.kind !== 'open') return;
  addEventListener('message', onMessage);
  plan(state.session.shown);
}

function isExtended(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'postrider:extended';
}

function tell(type: string, { id, expires_at }: SessionShown): void {
  if (window.parent !== window) window.parent.postMessage({ type, session_id: id, expires_at }, '*');
}
