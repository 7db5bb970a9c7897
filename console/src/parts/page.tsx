import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { session } from '../session/session.ts';
import { t } from '../texts/index.ts';

interface PageProps {
  title: string;
  /** Beside the title: a pill, a count. */
  beside?: ComponentChildren;
  /** What can be done here: the main thing last. */
  actions?: ComponentChildren;
  /** Above the title: the way back. */
  crumbs?: ComponentChildren;
  children: ComponentChildren;
}

/** The frame of a screen. */
export function Page({ title, beside, actions, crumbs, children }: PageProps) {
  const name = session().shown.theme.name ?? t.product;
  useEffect(() => {
    document.title = `${title} · ${name}`;
  }, [title, name]);
  return (
    <>
      {crumbs && <div class="crumbs">{crumbs}</div>}
      <header class="page-head">
        <h1>{title}</h1>
        {beside}
        {actions && <div class="actions">{actions}</div>}
      </header>
      {children}
    </>
  );
}
