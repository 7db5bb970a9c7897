import type { EventDetail } from '@postrider/sdk';
import { useState } from 'preact/hooks';
import { curl } from '../../data/curl.ts';
import { useLoad } from '../../data/load.ts';
import { Code, Copy } from '../../parts/copy.tsx';
import { Link } from '../../parts/link.tsx';
import { Shown } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { At } from '../../parts/time.tsx';
import { hrefTo } from '../../router/place.ts';
import type { ScreenProps } from '../../router/place.ts';
import { api, may } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import { EventDeliveries } from './deliveries.tsx';
import { ReplayDialog } from './replay-dialog.tsx';

const words = t.events;

/** One event: what was posted, and what came of it at each endpoint. */
export function Screen({ params: { id = '' } }: ScreenProps) {
  const event = useLoad((signal) => api().events.get(id, { signal }), id);
  const [isAsking, ask] = useState(false);
  const shown = event.value;
  return (
    <Page
      title={shown?.type ?? words.one}
      crumbs={<Link href={hrefTo('/events')}>{words.title}</Link>}
      beside={shown?.test && <span class="pill">{words.test}</span>}
      actions={
        shown && (
          <>
            <Copy text={curlOf(shown)} label={words.copyAsCurl} />
            {may('deliveries:write') && shown.payload_deleted_at === null && (
              <button type="button" onClick={() => ask(true)}>
                {words.replay}
              </button>
            )}
          </>
        )
      }
    >
      <Shown of={event}>{(one) => <Body event={one} />}</Shown>
      {isAsking && <ReplayDialog id={id} onClose={() => ask(false)} />}
    </Page>
  );
}

function Body({ event }: { event: EventDetail }) {
  const tabs = [
    ['data', words.tabs.data],
    ...(event.trace === null ? [] : [['trace', words.tabs.trace] as const]),
  ] as const;
  return (
    <div class="two">
      <div class="card padded">
        <Facts event={event} />
      </div>
      <div class="stack">
        {event.payload_deleted_at === null ? (
          <Tabs tabs={tabs}>
            {(name) => <Code text={JSON.stringify(event[name], undefined, 2)} label={words.tabs[name]} />}
          </Tabs>
        ) : (
          <div class="notice">
            <p>{words.gone}</p>
          </div>
        )}
        {event.filtered > 0 && <p class="soft">{words.filtered(event.filtered)}</p>}
        <EventDeliveries id={event.id} />
      </div>
    </div>
  );
}

function Facts({ event: { id, occurred_at, created_at, project, external_id } }: { event: EventDetail }) {
  return (
    <dl class="kv">
      <dt>{words.facts.id}</dt>
      <dd class="mono">{id}</dd>
      <dt>{words.facts.occurred}</dt>
      <dd>
        <At at={occurred_at} />
      </dd>
      <dt>{words.facts.accepted}</dt>
      <dd>
        <At at={created_at} />
      </dd>
      {project && (
        <>
          <dt>{words.facts.project}</dt>
          <dd>{project.name ?? project.id}</dd>
        </>
      )}
      {external_id !== null && (
        <>
          <dt>{words.facts.externalId}</dt>
          <dd class="mono">{external_id}</dd>
        </>
      )}
    </dl>
  );
}

function curlOf({ type, data, project, trace, external_id }: EventDetail): string {
  const given = { type, data, project, trace, external_id };
  const posted = Object.entries(given).filter(([, value]) => value !== null);
  return curl('POST', '/v1/events', Object.fromEntries(posted));
}
