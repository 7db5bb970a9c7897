import { useErrorBoundary } from 'preact/hooks';
import { ErrorBox } from '../parts/error-box.tsx';
import { sessionState } from '../session/session.ts';
import { t } from '../texts/index.ts';
import { NoSession } from './no-session.tsx';
import { Shell } from './shell.tsx';

export function App() {
  const [failure] = useErrorBoundary();
  const state = sessionState.value;
  if (failure !== undefined) return <Centred error={failure} />;
  if (state.kind === 'none') return <NoSession why={state.why} error={state.error} />;
  // Of another session, nothing of what was shown before may stay.
  if (state.kind === 'open') return <Shell key={state.session.shown.id} />;
  return (
    <main class="centred" aria-busy="true">
      <p class="soft" role="status">
        {t.session.starting}
      </p>
    </main>
  );
}

function Centred({ error }: { error: unknown }) {
  return (
    <main class="centred">
      <ErrorBox error={error} onRetry={() => location.reload()} />
    </main>
  );
}
