import type { PortalSession } from '@postrider/sdk';
import { useState } from 'preact/hooks';
import { usePages } from '../../data/pages.ts';
import { Empty } from '../../parts/empty.tsx';
import { Link } from '../../parts/link.tsx';
import { List } from '../../parts/list.tsx';
import { Page } from '../../parts/page.tsx';
import { hrefTo, place } from '../../router/place.ts';
import { api, may } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import { EndAllDialog } from './end-all-dialog.tsx';
import { SessionRow, isOver } from './session-row.tsx';

const words = t.operator.sessions;
const PAGE = 50;

/** Who opened the console, or was given a link to it: as the operator, or of the tenant of the place. */
export function Screen() {
  const { tenant } = place.value;
  const whose = tenant === undefined ? { platform: true } : {};
  const pages = usePages(
    (cursor, signal) =>
      api()
        .portal.list({ ...whose, limit: PAGE, ...(cursor && { cursor }) }, { signal })
        .page(),
    `sessions of ${tenant ?? ''}`,
  );
  const [asked, ask] = useState<string>();
  const [ended, show] = useState<string>();
  const lastOfEach = newestOfEach(pages.rows ?? []);
  const endAll = ({ id, user }: PortalSession) =>
    may('portal:write') && lastOfEach.get(user) === id ? () => ask(user) : undefined;
  return (
    <Page
      title={words.title}
      crumbs={tenant !== undefined && <Crumbs tenant={tenant} />}
      actions={
        may('portal:write') && (
          <button type="button" onClick={() => ask('')}>
            {words.endAllOfPerson}
          </button>
        )
      }
    >
      <p role="status" class={ended === undefined ? undefined : 'notice good above'}>
        {ended}
      </p>
      <List
        of={pages}
        label={words.title}
        keyOf={({ id }) => id}
        empty={<Empty title={words.empty.title} lead={words.empty.lead} />}
      >
        {(one) => <SessionRow of={one} whose={whose} onEndAll={endAll(one)} />}
      </List>
      {asked !== undefined && (
        <EndAllDialog
          user={asked}
          whose={whose}
          onClose={() => ask(undefined)}
          onDone={(count, user) => show(words.endingAll.done(count, user))}
        />
      )}
    </Page>
  );
}

/** Of each person the newest session that is not over: there all of theirs can be ended. */
function newestOfEach(rows: readonly PortalSession[]): ReadonlyMap<string, string> {
  const live = rows.filter((one) => !isOver(one));
  return new Map(live.toReversed().map(({ user, id }) => [user, id]));
}

function Crumbs({ tenant }: { tenant: string }) {
  return (
    <>
      <Link href={hrefTo('/tenants', { tenant: null })}>{t.operator.tenants.title}</Link> / {tenant}
    </>
  );
}
