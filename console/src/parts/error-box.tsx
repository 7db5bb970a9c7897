import { ApiError, ConnectionError, TimeoutError } from '@postrider/sdk';
import { hrefTo } from '../router/place.ts';
import { t } from '../texts/index.ts';
import { Link } from './link.tsx';

/** Why something did not work: the service's own words, with what names the call in its log. */
export function ErrorBox({ error, onRetry }: { error: unknown; onRetry?: (() => unknown) | undefined }) {
  if (error === undefined) return null;
  return (
    <div class="notice bad error-box" role="alert" tabIndex={-1}>
      <div class="text">
        <p class="strong bad">{t.errors.title}</p>
        <p>{wordsOf(error)}</p>
        {error instanceof ApiError && <Details error={error} />}
      </div>
      {onRetry && <button onClick={onRetry}>{t.actions.tryAgain}</button>}
    </div>
  );
}

function Details({ error }: { error: ApiError }) {
  return (
    <>
      {error.fields.map(({ field, message }) => (
        <p key={field + message}>
          <code>{field}</code> {message}
        </p>
      ))}
      {error.code === 'second-factor-not-enrolled' && (
        <Link href={hrefTo('/second-factor')}>{t.errors.secondFactorLink}</Link>
      )}
      {error.requestId && (
        <p class="soft">
          {t.errors.requestId} <code>{error.requestId}</code>
        </p>
      )}
    </>
  );
}

export function wordsOf(error: unknown): string {
  if (error instanceof ApiError) return error.problem.detail;
  if (error instanceof ConnectionError) return t.errors.offline;
  if (error instanceof TimeoutError) return t.errors.slow;
  console.error(error);
  return t.errors.unknown;
}
