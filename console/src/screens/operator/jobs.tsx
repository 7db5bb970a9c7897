import type { OpsJob } from '@postrider/sdk';
import { useAction } from '../../data/action.ts';
import { usePages } from '../../data/pages.ts';
import { Empty } from '../../parts/empty.tsx';
import { wordsOf } from '../../parts/error-box.tsx';
import { List } from '../../parts/list.tsx';
import { Page } from '../../parts/page.tsx';
import { Ago } from '../../parts/time.tsx';
import { api, may } from '../../session/session.ts';
import { t } from '../../texts/index.ts';

const words = t.operator.jobs;
const PAGE = 50;
const LIVE_MS = 3000;
/** What a person has begun by one call; the service ends all others itself. */
const STOPPABLE = new Set<string>(['retry', 'replay']);

/** Bulk work of all tenants that has not ended. */
export function Screen() {
  const pages = usePages(
    (cursor, signal) =>
      api()
        .ops.jobs({ limit: PAGE, ...(cursor && { cursor }) }, { signal })
        .page(),
    'jobs',
    { every: LIVE_MS },
  );
  return (
    <Page title={words.title}>
      <List
        of={pages}
        label={words.title}
        keyOf={({ job }) => job.id}
        empty={<Empty title={words.empty.title} lead={words.empty.lead} />}
      >
        {(one) => <Row of={one} />}
      </List>
    </Page>
  );
}

function Row({ of: { tenant_id, job } }: { of: OpsJob }) {
  const { id, kind, processed, skipped, created_at, updated_at } = job;
  const cancel = useAction(() => api().tenant(tenant_id).jobs.cancel(id));
  const name = words.kinds[kind] ?? kind;
  return (
    <div class="job-row">
      <div>
        <div>
          <span class="strong">{name}</span> <span class="faint">{`${words.of} ${tenant_id}`}</span>
        </div>
        <div class="soft num">
          {words.done(processed)}
          {skipped > 0 && `, ${words.skipped(skipped)}`} · {words.started} <Ago at={created_at} /> · {words.moved}{' '}
          <Ago at={updated_at} />
        </div>
        {cancel.error !== undefined && (
          <div class="bad" role="alert">
            {wordsOf(cancel.error)}
          </div>
        )}
        <progress aria-label={name} />
      </div>
      {STOPPABLE.has(kind) && may('deliveries:write') && (
        <button type="button" onClick={() => void cancel.run()} aria-busy={cancel.isBusy}>
          {words.cancel}
        </button>
      )}
    </div>
  );
}
