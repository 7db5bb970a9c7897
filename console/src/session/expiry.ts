import { effect } from '@preact/signals';
import { type SessionShown, isOf, sessionState } from './session.ts';

const WARN_MS = 5 * 60_000;
/** Between two questions at its end. */
const LEAST_MS = 5000;

/**
 * Tells the embedding page when the session is about to end, so that its backend can extend it, and when it has ended;
 * reads the session again when that page says that it was extended. No message holds a secret.
 */
export function keepInTouch(): void {
  const opened = sessionState.peek();
  if (opened.kind !== 'open') return;
  const { client } = opened.session;
  let { shown } = opened.session;
  // A reader's clock may be hours from that of the service. It was opened just now.
  const ahead = Date.now() - Date.parse(shown.opened_at ?? '') || 0;
  let timer: ReturnType<typeof setTimeout>;

  /** A session that is no longer there is ended by whoever makes the call. */
  const ask = async () => {
    shown = await client.portal.current();
    const state = sessionState.peek();
    if (isOf(client, state)) sessionState.value = { kind: 'open', session: { ...state.session, shown } };
  };
  const plan = () => {
    clearTimeout(timer);
    if (!isOf(client, sessionState.peek())) return;
    const left = Date.parse(shown.expires_at) + ahead - Date.now();
    // At its end it may have been extended: the service knows.
    if (left > WARN_MS) timer = setTimeout(warn, left - WARN_MS);
    else timer = setTimeout(askAndPlan, Math.max(left, LEAST_MS));
  };
  const warn = () => {
    tell('postrider:expiring', shown);
    plan();
  };
  const askAndPlan = () =>
    void ask()
      .catch(() => undefined)
      .finally(plan);
  const onMessage = ({ data, source }: MessageEvent<unknown>) => {
    if (source === window.parent && isExtended(data)) askAndPlan();
  };

  addEventListener('message', onMessage);
  plan();
  const stop = effect(() => {
    const state = sessionState.value;
    // Another link may have opened the next session here.
    if (isOf(client, state)) return;
    clearTimeout(timer);
    removeEventListener('message', onMessage);
    if (state.kind === 'none' && state.why === 'ended') tell('postrider:expired', shown);
    queueMicrotask(() => stop());
  });
}

function isExtended(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'postrider:extended';
}

function tell(type: string, { id, expires_at }: SessionShown): void {
  if (window.parent !== window) window.parent.postMessage({ type, session_id: id, expires_at }, '*');
}
