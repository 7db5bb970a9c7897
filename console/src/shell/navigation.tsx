import { useEffect, useRef } from 'preact/hooks';
import { Link } from '../parts/link.tsx';
import { hrefTo, place } from '../router/place.ts';
import { type Group, isOfTenant, navigation, pathOf, screenAt } from '../screens.ts';
import { endSession, isOperator, session } from '../session/session.ts';
import { t } from '../texts/index.ts';

/** The screens of the session. */
export function Navigation() {
  const { shown } = session();
  const { screens, theme, user, access, tenant_id } = shown;
  const side = useRef<HTMLElement>(null);
  const { path } = place.value;
  useEffect(() => {
    if (side.current) bringIntoView(side.current);
  }, [path]);
  return (
    <header class="side" ref={side}>
      <div class="brand">
        {theme.logo === null ? <Mark /> : <img src={theme.logo} alt="" />}
        <span>{theme.name ?? t.product}</span>
      </div>
      <nav aria-label={t.nav.label}>
        {navigation(screens).map(({ group, names }) => (
          <Links key={group} group={group} names={names} />
        ))}
      </nav>
      <div class="foot">
        <span class="who cut">{tenant_id ?? t.nav.operator}</span>
        <span class="who cut">{user}</span>
        <span class="who">{t.access[access]}</span>
        <span>
          <button type="button" class="plain" onClick={() => void signOut()}>
            {t.signOut}
          </button>
        </span>
      </div>
    </header>
  );
}

/** On a telephone the screens stand beside each other, and the present one may be beyond the edge. */
function bringIntoView(side: HTMLElement): void {
  const current = side.querySelector<HTMLElement>('[aria-current]');
  if (current) side.scrollLeft = current.offsetLeft - (side.clientWidth - current.offsetWidth) / 2;
}

function Links({ group, names }: { group: Group; names: readonly string[] }) {
  const current = screenAt(place.value.path)?.entry.name ?? names[0];
  return (
    <>
      {headingOf(group) && <div class="group">{headingOf(group)}</div>}
      {names.map((name) => (
        <Link key={name} href={hrefTo(pathOf(name) as string, { tenant: tenantOf(name) })} current={name === current}>
          {t.nav.of[name] ?? name}
        </Link>
      ))}
    </>
  );
}

function headingOf(group: Group): string {
  const isAboutOne = group === 'main' && isOperator();
  return isAboutOne
    ? t.nav.ofTenant(place.value.tenant ?? t.nav.defaultTenant)
    : group === 'account'
      ? t.nav.account
      : '';
}

/** An operator's screens are about one tenant, or about the platform. */
function tenantOf(name: string): string | null {
  if (!isOperator()) return null;
  return isOfTenant(name) ? (place.value.tenant ?? t.nav.defaultTenant) : null;
}

async function signOut(): Promise<void> {
  const { client } = session();
  endSession('left');
  await client.portal.end().catch(() => undefined);
}

function Mark() {
  return (
    <svg
      width="20"
      height="20"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.6"
      aria-hidden="true"
    >
      <circle cx="8" cy="11" r="4.6" />
      <path d="M8 6.4h5.2L18 3.6v5.6l-4.8-2.8M12.6 11.4 18 14" />
    </svg>
  );
}
