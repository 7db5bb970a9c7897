import type { Endpoint } from '@postrider/sdk';
import { t } from '../../texts/index.ts';

const words = t.endpoints;

/** What its server answered last, and how often in a row that was a failure. Shown where there was a request. */
export function LastAnswer({ endpoint }: { endpoint: Endpoint }) {
  const { last_status_code: code, consecutive_failures: failures } = endpoint;
  const isGood = code !== null && code >= 200 && code < 300;
  return (
    <span class={isGood ? undefined : 'bad'}>
      {code ?? words.noAnswer}
      {failures > 1 && ` · ${words.inARow(failures)}`}
    </span>
  );
}
