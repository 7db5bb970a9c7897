import type { Attempt, Endpoint, EventDetail } from '@postrider/sdk';
import { useLoad } from '../../data/load.ts';
import { HttpRequest } from '../../parts/http-request.tsx';
import { Shown } from '../../parts/loaded.tsx';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import type { Around } from './read.ts';

const words = t.delivery.request;

/** The request of an attempt; before the first one, what it would be. */
export function Request({ around, attempt }: { around: Around; attempt: Attempt | undefined }) {
  const { delivery, event, endpoint } = around;
  if (!endpoint) return <p class="soft">{words.endpointGone}</p>;
  if (!event || event.payload_deleted_at !== null) return <p class="soft">{t.delivery.event.deleted}</p>;
  if (endpoint.kind === 'poll') return <Polled event={event} endpoint={endpoint} />;
  return <Written id={delivery.id} url={endpoint.url} attempt={attempt?.number} />;
}

function Written({ id, url, attempt }: { id: string; url: string; attempt: number | undefined }) {
  const read = useLoad(
    (signal) => api().deliveries.request(id, attempt === undefined ? {} : { attempt }, { signal }),
    `${id} ${attempt}`,
  );
  return (
    <Shown of={read}>
      {(request) => (
        <>
          <p class="soft">{request.attempt === null ? words.coming : words.note}</p>
          {request.endpoint_changed && <p class="notice wait text">{words.changed}</p>}
          <HttpRequest request={{ ...request, url }} />
        </>
      )}
    </Shown>
  );
}

/** What a consumer is given is written when it asks: there is no attempt to show. */
function Polled({ event, endpoint }: { event: EventDetail; endpoint: Endpoint }) {
  const { type, data, project, trace, external_id, occurred_at } = event;
  const read = useLoad(
    (signal) =>
      api().dialects.preview(
        endpoint.dialect,
        {
          type,
          data,
          occurred_at,
          also_standard: endpoint.also_standard,
          ...(project && { project: { id: project.id, ...(project.name !== null && { name: project.name }) } }),
          ...(trace !== null && { trace: trace as Record<string, unknown> }),
          ...(external_id !== null && { external_id }),
        },
        { signal },
      ),
    event.id,
  );
  return (
    <>
      <p class="soft">{words.polled}</p>
      <Shown of={read}>{(request) => <HttpRequest request={request} />}</Shown>
    </>
  );
}
