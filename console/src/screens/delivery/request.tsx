import type { Attempt } from '@postrider/sdk';
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
  if (endpoint.kind === 'poll') return <p class="soft">{words.polled}</p>;
  if (!event || event.payload_deleted_at !== null) return <p class="soft">{t.delivery.event.deleted}</p>;
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
