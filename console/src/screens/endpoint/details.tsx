import type { Endpoint } from '@postrider/sdk';
import { type ComponentChildren, Fragment } from 'preact';
import { useDialects } from '../../data/dialects.ts';
import { Copy } from '../../parts/copy.tsx';
import { Ago } from '../../parts/time.tsx';
import { dialectOf, eventsOf } from '../../texts/endpoint-words.ts';
import { t } from '../../texts/index.ts';
import { scheduleWords } from '../endpoint-form/schedule.tsx';
import { span } from '../../texts/times.ts';

const { of } = t.endpoint;

/** How it is set up: what is not set is left out. */
export function Details({ endpoint }: { endpoint: Endpoint }) {
  const dialects = useDialects();
  const { url, project_id, filter, auth, header_names, retry, rate_limit_per_second: rate } = endpoint;
  const isPolled = endpoint.kind === 'poll';
  const delays =
    'delays' in retry ? retry.delays : dialects.value?.find(({ name }) => name === retry.preset)?.retry_delays;
  const rows: [label: string, value: ComponentChildren][] = [
    [of.kind, isPolled && t.endpointForm.kind.poll],
    [of.url, !isPolled && <code key="url">{url}</code>],
    [of.events, eventsOf(endpoint)],
    [of.project, project_id],
    [of.filter, filter && <code key="filter">{JSON.stringify(filter)}</code>],
    [of.format, dialectOf(endpoint)],
    [of.auth, auth && t.endpoint.authIn(t.endpointForm.auth[auth.type], auth.header)],
    [of.headers, header_names.join(', ')],
    [of.retries, !isPolled && delays && scheduleWords(delays)],
    [of.timeout, !isPolled && span(endpoint.timeout_seconds)],
    [of.rate, rate && t.endpoint.perSecond(rate)],
    [of.created, <Ago key="created" at={endpoint.created_at} />],
    [of.id, <Id key="id" id={endpoint.id} />],
  ];
  return (
    <section class="card">
      <div class="card-head">
        <h2>{t.endpoint.details}</h2>
      </div>
      <dl class="kv panel">
        {rows
          .filter(([, value]) => value)
          .map(([label, value]) => (
            <Fragment key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </Fragment>
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
