import type { ComponentChildren, JSX } from 'preact';
import type { Pages } from '../data/pages.ts';
import { t } from '../texts/index.ts';
import { ErrorBox } from './error-box.tsx';
import { Skeleton, Stale } from './loaded.tsx';

interface ListProps<Row> {
  of: Pages<Row>;
  /** Names the list for screen readers. */
  label: string;
  keyOf: (row: Row) => string;
  children: (row: Row) => JSX.Element;
  /** What stands there when there are no rows: what to do next. */
  empty: ComponentChildren;
}

/**
 * A list page by page. Each row has one main link with `data-row`, which `j` and `k` go through.
 */
export function List<Row>({ of, label, keyOf, children, empty }: ListProps<Row>) {
  const { rows, error, readAt, reload } = of;
  if (rows === undefined) return error === undefined ? <Skeleton /> : <ErrorBox error={error} onRetry={reload} />;
  return (
    <>
      <Stale error={error} readAt={readAt} />
      <div class="card">
        {rows.length === 0 ? (
          empty
        ) : (
          <ul class="rows" aria-label={label}>
            {rows.map((row) => (
              <li key={keyOf(row)}>{children(row)}</li>
            ))}
          </ul>
        )}
        <Foot of={of} />
      </div>
    </>
  );
}

function Foot<Row>({ of: { hasMore, isLoadingMore, isLive, more, close, rows } }: { of: Pages<Row> }) {
  if (isLive && !hasMore) return null;
  return (
    <div class="list-foot">
      <span class="num">
        {t.counts(rows?.length ?? 0, hasMore)} {!isLive && t.notLive}
      </span>
      <span class="row-flex">
        {!isLive && <button onClick={close}>{t.actions.newest}</button>}
        {hasMore && (
          <button onClick={() => void more()} aria-busy={isLoadingMore}>
            {t.actions.more}
          </button>
        )}
      </span>
    </div>
  );
}
