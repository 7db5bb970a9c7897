import type { ApiKey, ApiKeyStatus } from '@postrider/sdk';
import { Pill, type Tone } from '../../parts/pill.tsx';
import { Ago } from '../../parts/time.tsx';
import { may } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import type { Asked } from './asked.ts';

const TONES: Record<ApiKeyStatus, Tone> = { live: 'good', expired: 'off', revoked: 'off' };
const words = t.apiKeys;

export function KeyRow({ apiKey, ask }: { apiKey: ApiKey; ask: (asked: Asked) => void }) {
  const { name, prefix, scopes, status } = apiKey;
  return (
    <div class="key-row">
      <div>
        <div class="row-flex">
          <span class="strong">{name ?? words.unnamed}</span>
          <Pill tone={TONES[status]}>{words.statuses[status]}</Pill>
        </div>
        <div class="soft mono">{prefix}…</div>
        <div class="faint">{scopes.length === 0 ? words.mayNothing : words.may(scopes)}</div>
      </div>
      <div class="soft when">
        <When apiKey={apiKey} />
      </div>
      {status === 'live' && may('keys:write') && (
        <div class="row-flex end">
          <button type="button" onClick={() => ask({ what: 'rotate', key: apiKey })}>
            {words.rotate}
          </button>
          <button type="button" class="danger" onClick={() => ask({ what: 'revoke', key: apiKey })}>
            {words.revoke}
          </button>
        </div>
      )}
    </div>
  );
}

function When({ apiKey: { last_used_at, expires_at, revoked_at } }: { apiKey: ApiKey }) {
  return (
    <>
      <div>
        {last_used_at === null ? (
          words.neverUsed
        ) : (
          <>
            {words.lastUsed} <Ago at={last_used_at} />
          </>
        )}
      </div>
      {revoked_at !== null && (
        <div>
          {words.revoked} <Ago at={revoked_at} />
        </div>
      )}
      {revoked_at === null && expires_at !== null && (
        <div>
          {words.expires} <Ago at={expires_at} />
        </div>
      )}
    </>
  );
}
