import type { Endpoint, OpsEndpoint } from '@postrider/sdk';
import { Link } from '../../parts/link.tsx';
import { EndpointPill, Pill } from '../../parts/pill.tsx';
import { Ago } from '../../parts/time.tsx';
import { hrefTo, segment } from '../../router/place.ts';
import { nameOf, reasonOf } from '../../texts/endpoint-words.ts';
import { t } from '../../texts/index.ts';

const words = t.operator.troubled;

/** An endpoint in trouble: whose, why, since when, and what it holds. */
export function TroubleRow({ troubled: { tenant_id, endpoint, failing_since, held } }: { troubled: OpsEndpoint }) {
  const { id, url, last_status_code, consecutive_failures } = endpoint;
  const answer = last_status_code === null ? words.noAnswer : words.answered(last_status_code);
  return (
    <div class="trouble-row">
      <div>
        <div class="row-flex">
          <Link href={hrefTo(`/endpoints/${segment(id)}`, { tenant: tenant_id })} class="strong" isRow>
            {nameOf(endpoint)}
          </Link>
          <State endpoint={endpoint} />
          <span class="faint">{tenant_id}</span>
        </div>
        <div class="soft mono cut">{url}</div>
      </div>
      <div>
        <div>{reasonOf(endpoint) ?? answer}</div>
        <div class="faint num">
          {consecutive_failures > 0 && words.inARow(consecutive_failures)}
          {failing_since !== null && (
            <>
              , {words.since} <Ago at={failing_since} />
            </>
          )}
        </div>
      </div>
      <div class="num end">{held !== null && <span class="held">{words.held(held.count, held.capped)}</span>}</div>
    </div>
  );
}

/** That it is active says nothing of an endpoint in trouble. */
function State({ endpoint: { status, consecutive_failures, slow_since } }: { endpoint: Endpoint }) {
  if (status === 'active' && consecutive_failures > 0) return <Pill tone="bad">{words.states.failing}</Pill>;
  if (status === 'active' && slow_since !== null) return <Pill tone="wait">{words.slow}</Pill>;
  return <EndpointPill status={status} />;
}
