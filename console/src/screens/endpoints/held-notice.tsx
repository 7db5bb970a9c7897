import type { Endpoint } from '@postrider/sdk';
import { useLoad } from '../../data/load.ts';
import { api, may } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import { reasonOf } from '../../texts/endpoint-words.ts';

const MOST = 100;
const LIVE_MS = 5000;

/** Says that a paused endpoint loses nothing, and what happens next. */
export function HeldNotice({ endpoint, onReactivate }: { endpoint: Endpoint; onReactivate: () => void }) {
  const { id, status_reason, auto_resume } = endpoint;
  const held = useLoad(
    (signal) => api().deliveries.list({ endpoint_id: id, status: 'held', limit: MOST }, { signal }).page(),
    id,
    { every: LIVE_MS },
  );
  const count = held.value?.data.length ?? 0;
  const words = [
    count === 0 ? t.endpoints.noneHeld : t.endpoints.held(count, held.value?.next_cursor !== null),
    status_reason !== 'breaker' ? undefined : auto_resume ? t.endpoints.probing : t.endpoints.waitsForYou,
  ];
  return (
    <div class="notice held">
      <p>
        <span class="strong">{reasonOf(endpoint)}</span> <span class="num">{words.filter(Boolean).join(' ')}</span>
      </p>
      {may('endpoints:write') && <button onClick={onReactivate}>{t.endpoints.reactivate}</button>}
    </div>
  );
}
