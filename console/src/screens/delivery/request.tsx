import { useLoad } from '../../data/load.ts';
import { HttpRequest } from '../../parts/http-request.tsx';
import { Shown } from '../../parts/loaded.tsx';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import type { Around } from './read.ts';

/** The request of this event, as its endpoint's dialect writes it. */
export function Request({ around: { event, endpoint } }: { around: Around }) {
  const words = t.delivery.request;
  const read = useLoad(
    async (signal) => (event && endpoint ? previewOf(event, endpoint, signal) : undefined),
    `${event?.id} ${endpoint?.generation}`,
  );
  if (!endpoint) return <p class="soft">{words.endpointGone}</p>;
  if (!event || event.payload_deleted_at !== null) return <p class="soft">{t.delivery.event.deleted}</p>;
  return (
    <>
      <p class="soft">{words.note}</p>
      <Shown of={read}>{(request) => <HttpRequest request={request} />}</Shown>
    </>
  );
}

function previewOf(
  event: NonNullable<Around['event']>,
  endpoint: NonNullable<Around['endpoint']>,
  signal: AbortSignal,
) {
  const { type, data, project, trace, external_id, occurred_at } = event;
  return api().dialects.preview(
    endpoint.dialect,
    {
      type,
      data,
      occurred_at,
      ...(endpoint.kind === 'push' && { url: endpoint.url }),
      also_standard: endpoint.also_standard,
      ...(project && { project: { id: project.id, ...(project.name !== null && { name: project.name }) } }),
      ...(trace !== null && { trace: trace as Record<string, unknown> }),
      ...(external_id !== null && { external_id }),
    },
    { signal },
  );
}
