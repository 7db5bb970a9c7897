import type { Endpoint } from '@postrider/sdk';
import { useAction } from '../../data/action.ts';
import { ErrorBox } from '../../parts/error-box.tsx';
import { api, may } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import type { Asked } from './asked.ts';
import { nameOf } from '../../texts/endpoint-words.ts';

/** On or off. What would give up deliveries, and what has to say what becomes of held ones, asks first. */
export function Toggle({ endpoint, ask }: { endpoint: Endpoint; ask: (asked: Asked) => void }) {
  const enable = useAction(() => api().endpoints.enable(endpoint.id));
  if (!may('endpoints:write') || endpoint.status === 'revoked') return <span />;
  const { status } = endpoint;
  const onClick = () => {
    if (status === 'active') ask({ what: 'disable', endpoint });
    else if (status === 'paused') ask({ what: 'reactivate', endpoint });
    else void enable.run();
  };
  return (
    <>
      <button
        type="button"
        role="switch"
        class="switch"
        data-status={status}
        aria-checked={status === 'active'}
        aria-label={t.endpoints.enabled(nameOf(endpoint))}
        aria-busy={enable.isBusy}
        onClick={onClick}
      />
      <ErrorBox error={enable.error} />
    </>
  );
}
