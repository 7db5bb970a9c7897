import type { Endpoint } from '@postrider/sdk';
import { useState } from 'preact/hooks';
import { useAction } from '../../data/action.ts';
import { useLoad } from '../../data/load.ts';
import { ErrorBox } from '../../parts/error-box.tsx';
import { Link } from '../../parts/link.tsx';
import { Shown } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { EndpointPill } from '../../parts/pill.tsx';
import { Ago } from '../../parts/time.tsx';
import { type ScreenProps, hrefTo, query, segment, setQuery } from '../../router/place.ts';
import { api, may } from '../../session/session.ts';
import { nameOf, reasonOf } from '../../texts/endpoint-words.ts';
import { t } from '../../texts/index.ts';
import { HeldNotice } from '../endpoints/held-notice.tsx';
import { LastAnswer } from '../endpoints/last-answer.tsx';
import { ReactivateDialog } from '../endpoints/reactivate-dialog.tsx';
import { Charts } from './charts.tsx';
import { Details } from './details.tsx';
import { Ending } from './ending.tsx';
import { EndpointHistory } from './history.tsx';
import { Polling } from './polling.tsx';
import { Recovery } from './recovery.tsx';
import { Secrets } from './secrets.tsx';
import { TestDialog } from './test-dialog.tsx';

const words = t.endpoint;
const LIVE_MS = 10_000;

export function Screen({ params: { id = '' } }: ScreenProps) {
  const read = useLoad((signal) => api().endpoints.get(id, { signal }), id, { every: LIVE_MS });
  return (
    <Page
      title={read.value ? nameOf(read.value) : words.title}
      crumbs={<Link href={hrefTo('/endpoints')}>{t.endpoints.title}</Link>}
      beside={read.value && <How endpoint={read.value} />}
      actions={read.value && <Actions endpoint={read.value} />}
    >
      <Shown of={read}>{(endpoint) => <Body endpoint={endpoint} />}</Shown>
    </Page>
  );
}

/** How it is, and what its server answered last. */
function How({ endpoint }: { endpoint: Endpoint }) {
  const { status, last_attempted_at: at, last_status_code: code } = endpoint;
  return (
    <>
      <EndpointPill status={status} />
      {at !== null && (
        <span class="soft num">
          {code !== null && words.lastAnswer} <LastAnswer endpoint={endpoint} /> · <Ago at={at} />
        </span>
      )}
    </>
  );
}

function Body({ endpoint }: { endpoint: Endpoint }) {
  const { status } = endpoint;
  const [isResuming, resume] = useState(false);
  const isLive = status !== 'revoked';
  const reason = status === 'disabled' || status === 'revoked' ? reasonOf(endpoint) : undefined;
  return (
    <>
      {status === 'paused' && <HeldNotice endpoint={endpoint} onReactivate={() => resume(true)} />}
      {reason && (
        <div class="notice">
          <p>{reason}</p>
        </div>
      )}
      {endpoint.slow_since !== null && (
        <div class="notice wait">
          <p>{words.slow}</p>
        </div>
      )}
      <div class="two aside spaced">
        <div>
          {endpoint.kind === 'push' && <Charts id={endpoint.id} />}
          <EndpointHistory id={endpoint.id} />
        </div>
        <div class="stack">
          {endpoint.kind === 'poll' && isLive && <Polling endpoint={endpoint} />}
          <Details endpoint={endpoint} />
          <Secrets endpoint={endpoint} />
          {isLive && may('deliveries:write') && <Recovery endpoint={endpoint} />}
          {isLive && may('endpoints:write') && <Ending endpoint={endpoint} />}
        </div>
      </div>
      {isResuming && <ReactivateDialog endpoint={endpoint} onClose={() => resume(false)} />}
    </>
  );
}

function Actions({ endpoint }: { endpoint: Endpoint }) {
  const { id, status } = endpoint;
  const [isTesting, setTesting] = useState(query.peek().has('test'));
  const endTest = () => {
    setTesting(false);
    setQuery({ test: undefined });
  };
  const pause = useAction(() => api().endpoints.pause(id));
  const enable = useAction(() => api().endpoints.enable(id));
  if (status === 'revoked') return null;
  return (
    <>
      <ErrorBox error={pause.error ?? enable.error} />
      {may('endpoints:write') && status === 'active' && (
        <button onClick={() => void pause.run()} aria-busy={pause.isBusy}>
          {words.pause}
        </button>
      )}
      {may('endpoints:write') && status === 'disabled' && (
        <button onClick={() => void enable.run()} aria-busy={enable.isBusy}>
          {words.enable}
        </button>
      )}
      {may('endpoints:write') && (
        <Link href={hrefTo(`/endpoints/${segment(id)}/edit`)} class="button">
          {words.edit}
        </Link>
      )}
      {may('endpoints:write') && (
        <button class="primary" onClick={() => setTesting(true)}>
          {words.sendTest}
        </button>
      )}
      {isTesting && <TestDialog endpoint={endpoint} onClose={endTest} />}
    </>
  );
}
