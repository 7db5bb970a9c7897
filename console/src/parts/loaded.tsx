import type { ComponentChildren } from 'preact';
import { now } from '../data/now.ts';
import type { Loaded } from '../data/load.ts';
import { t } from '../texts/index.ts';
import { ago } from '../texts/times.ts';
import { ErrorBox, wordsOf } from './error-box.tsx';

interface LoadedProps<Value> {
  of: Pick<Loaded<Value>, 'value' | 'error' | 'reload' | 'readAt'>;
  children: (value: Value) => ComponentChildren;
}

/** What was read; before that a sketch of it; the service's words when it could not be read. */
export function Shown<Value>({ of, children }: LoadedProps<Value>) {
  if (of.value === undefined) {
    return of.error === undefined ? <Skeleton /> : <ErrorBox error={of.error} onRetry={of.reload} />;
  }
  return (
    <>
      <Stale error={of.error} readAt={of.readAt} />
      {children(of.value)}
    </>
  );
}

/** What is shown is old, because reading it again failed. */
export function Stale({ error, readAt }: { error: unknown; readAt: number | undefined }) {
  if (error === undefined || readAt === undefined) return null;
  return (
    <div class="notice wait stale" role="status">
      <p>
        {t.errors.stale(ago(readAt, now.value))} {wordsOf(error)}
      </p>
    </div>
  );
}

/** Grey bars, for as long as the first reading takes. */
export function Skeleton() {
  return (
    <div class="card skeleton" role="status" aria-label={t.loading}>
      {[1, 2, 3, 4, 5, 6].map((line) => (
        <i key={line} />
      ))}
    </div>
  );
}
