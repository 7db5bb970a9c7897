import type { OpsTenantUsage } from '@postrider/sdk';
import { useState } from 'preact/hooks';
import { curl } from '../../data/curl.ts';
import { usePages } from '../../data/pages.ts';
import { Empty } from '../../parts/empty.tsx';
import { Link } from '../../parts/link.tsx';
import { List } from '../../parts/list.tsx';
import { Page } from '../../parts/page.tsx';
import { hrefTo } from '../../router/place.ts';
import { api, may } from '../../session/session.ts';
import { LANGUAGE, t } from '../../texts/index.ts';
import { GoToTenant } from './go-to-tenant.tsx';
import { PortalLinkDialog } from './portal-link-dialog.tsx';

const words = t.operator.tenants;
const PAGE = 50;
const DAYS_MS = 29 * 86_400_000;
const number = new Intl.NumberFormat(LANGUAGE);
const dollars = new Intl.NumberFormat(LANGUAGE, {
  style: 'currency',
  currency: 'USD',
  currencyDisplay: 'narrowSymbol',
  maximumFractionDigits: 2,
});

/** Who they are and what they used. */
export function Screen() {
  const since = new Date(Date.now() - DAYS_MS).toISOString().slice(0, 10);
  const pages = usePages(
    (cursor, signal) =>
      api()
        .ops.usage({ since, limit: PAGE, ...(cursor && { cursor }) }, { signal })
        .page(),
    since,
  );
  const [linked, link] = useState<string>();
  return (
    <Page title={words.title}>
      <GoToTenant />
      <List of={pages} label={words.title} keyOf={({ tenant_id }) => tenant_id} empty={<None />}>
        {(used) => <Row used={used} onLink={() => link(used.tenant_id)} />}
      </List>
      <p class="faint below">{words.last}</p>
      {linked !== undefined && <PortalLinkDialog tenant={linked} onClose={() => link(undefined)} />}
    </Page>
  );
}

function Row({ used, onLink }: { used: OpsTenantUsage; onLink: () => void }) {
  const { tenant_id, name, events_per_second: quota, events, delivered, exhausted, cost_usd } = used;
  const facts = [
    [words.quota, quota === null ? words.noQuota : words.perSecond(quota)],
    [words.events, number.format(events)],
    [words.delivered, number.format(delivered)],
    [words.exhausted, number.format(exhausted)],
    [words.cost, cost(cost_usd)],
  ] as const;
  return (
    <div class="tenant-row">
      <div>
        <Link href={hrefTo('/endpoints', { tenant: tenant_id })} class="strong" isRow>
          {name ?? tenant_id}
        </Link>
        {name !== null && <div class="soft mono">{tenant_id}</div>}
      </div>
      <dl class="facts num">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt class="faint">{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div class="row-flex">
        {may('portal:read') && <Link href={hrefTo('/sessions', { tenant: tenant_id })}>{words.sessions}</Link>}
        {may('portal:write') && (
          <button type="button" onClick={onLink}>
            {words.link}
          </button>
        )}
      </div>
    </div>
  );
}

const cost = (usd: number) => (usd > 0 && usd < 0.01 ? words.underACent : dollars.format(usd));

function None() {
  return (
    <Empty title={words.empty.title} lead={words.empty.lead} curl={curl('POST', '/v1/tenants', { id: 'org_1' })} />
  );
}
