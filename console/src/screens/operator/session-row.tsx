import type { PortalSession } from '@postrider/sdk';
import { useAction } from '../../data/action.ts';
import { wordsOf } from '../../parts/error-box.tsx';
import { Pill } from '../../parts/pill.tsx';
import { Ago } from '../../parts/time.tsx';
import { api, endSession, may, session } from '../../session/session.ts';
import { t } from '../../texts/index.ts';

const words = t.operator.sessions;

/** Of the platform, or of the tenant of the place. */
export interface Whose {
  platform?: boolean;
}

export const isOver = ({ status }: PortalSession) => status === 'expired' || status === 'revoked';

interface RowProps {
  of: PortalSession;
  whose: Whose;
  /** Asks whether all sessions of the person are to end. Absent: that is offered elsewhere. */
  onEndAll: (() => void) | undefined;
}

export function SessionRow({ of, whose, onEndAll }: RowProps) {
  const { id, user, access, status } = of;
  const isOwn = id === session().shown.id;
  const revoke = useAction(async () => {
    await api().portal.revoke(id, whose);
    if (isOwn) endSession('left');
  });
  return (
    <div class="job-row">
      <div>
        <div class="row-flex">
          <span class="strong">{user}</span>
          <Pill tone={status === 'live' ? 'good' : 'off'}>{words.statuses[status]}</Pill>
          <span class="faint">{t.access[access]}</span>
          {isOwn && <span class="faint">· {words.own}</span>}
        </div>
        <Times of={of} />
        {revoke.error !== undefined && (
          <div class="bad" role="alert">
            {wordsOf(revoke.error)}
          </div>
        )}
      </div>
      <div class="row-flex">
        {onEndAll && (
          <button type="button" class="danger" onClick={onEndAll} aria-label={words.endAllOf(user)}>
            {words.endAll}
          </button>
        )}
        {!isOver(of) && may('portal:write') && (
          <button type="button" class="danger" onClick={() => void revoke.run()} aria-busy={revoke.isBusy}>
            {words.revoke}
          </button>
        )}
      </div>
    </div>
  );
}

function Times({ of }: { of: PortalSession }) {
  const { created_at, opened_at, expires_at } = of;
  return (
    <div class="soft num">
      {opened_at === null ? (
        <Ago at={created_at} />
      ) : (
        <>
          {words.opened} <Ago at={opened_at} />
        </>
      )}
      {!isOver(of) && (
        <>
          , {words.until} <Ago at={expires_at} />
        </>
      )}
    </div>
  );
}
