import type { Endpoint } from '@postrider/sdk';
import type { ComponentChildren } from 'preact';
import { Copy } from '../../parts/copy.tsx';
import { Ago } from '../../parts/time.tsx';
import { dialectOf, eventsOf } from '../../texts/endpoint-words.ts';
import { t } from '../../texts/index.ts';
import { span } from '../../texts/times.ts';

const { of } = t.endpoint;

/** How it is set up. */
export function Details({ endpoint }: { endpoint: Endpoint }) {
  const { id, url, project_id, filter, auth, header_names, retry, rate_limit_per_second: rate } = endpoint;
  const rows: [label: string, value: ComponentChildren][] = [
    [of.url, <code key="url">{url}</code>],
    [of.events, eventsOf(endpoint)],
    [of.project, project_id ?? t.endpoint.allProjects],
    [of.filter, filter === null ? t.none : <code key="filter">{JSON.stringify(filter)}</code>],
    [of.format, dialectOf(endpoint)],
    [of.auth, auth === null ? t.none : t.endpoint.authIn(t.endpointForm.auth[auth.type], auth.header)],
    [of.headers, header_names.join(', ') || t.none],
    [of.retries, 'preset' in retry ? retry.preset : retry.delays.map(span).join(', ')],
    [of.timeout, span(endpoint.timeout_seconds)],
    [of.rate, rate === null ? t.none : t.endpoint.perSecond(rate)],
    [of.created, <Ago key="created" at={endpoint.created_at} />],
    [of.id, <Id key="id" id={id} />],
  ];
  return (
    <section class="card">
      <div class="card-head">
        <h2>{t.endpoint.details}</h2>
      </div>
      <dl class="kv panel">
        {rows.map(([label, value]) => (
          <>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    </section>
  );
}

function Id({ id }: { id: string }) {
  return (
    <>
      <code>{id}</code> <Copy text={id} />
    </>
  );
}
