import type { Endpoint } from '@postrider/sdk';
import { Link } from '../../parts/link.tsx';
import { EndpointPill } from '../../parts/pill.tsx';
import { Ago } from '../../parts/time.tsx';
import { hrefTo, segment } from '../../router/place.ts';
import { httpStatus } from '../../texts/http-statuses.ts';
import { t } from '../../texts/index.ts';
import { OutcomeChart } from './outcome-chart.tsx';
import { HeldNotice } from './held-notice.tsx';
import { LastAnswer } from './last-answer.tsx';
import type { Asked } from './asked.ts';
import { Toggle } from './toggle.tsx';
import { dialectOf, eventsOf, nameOf, reasonOf } from '../../texts/endpoint-words.ts';

/** One endpoint in a sentence: what it is, how it is, what happened last, what happens next. */
export function EndpointRow({ endpoint, ask }: { endpoint: Endpoint; ask: (asked: Asked) => void }) {
  const { id, url, status, kind } = endpoint;
  const where = kind === 'poll' ? id : url;
  const about = [eventsOf(endpoint), dialectOf(endpoint), status === 'disabled' ? reasonOf(endpoint) : undefined];
  return (
    <div class="endpoint-row">
      <div>
        <div class="name">
          <Link href={hrefTo(`/endpoints/${segment(id)}`)} class="strong" isRow>
            {nameOf(endpoint)}
          </Link>
          <EndpointPill status={status} />
        </div>
        <div class="mono soft cut" title={where}>
          {where}
        </div>
        <div class="faint">{about.filter(Boolean).join(' · ')}</div>
      </div>
      <OutcomeChart id={id} />
      <Last endpoint={endpoint} />
      <Toggle endpoint={endpoint} ask={ask} />
      {status === 'paused' && (
        <HeldNotice endpoint={endpoint} onReactivate={() => ask({ what: 'reactivate', endpoint })} />
      )}
    </div>
  );
}

function Last({ endpoint }: { endpoint: Endpoint }) {
  const { kind, last_attempted_at: at, status_reason: reason } = endpoint;
  if (kind === 'poll') return <div class="last faint">{t.endpoints.polledWhere}</div>;
  // Its newest delivery was given up without a request, which says nothing of the answer that disabled it.
  if (at === null && reason === 'gone') return <div class="last bad">{httpStatus(410)}</div>;
  if (at === null) return <div class="last faint">{t.endpoints.noAnswerYet}</div>;
  return (
    <div class="last num">
      <div>
        <LastAnswer endpoint={endpoint} />
      </div>
      <div class="faint">
        <Ago at={at} />
      </div>
    </div>
  );
}
