import type { ComponentChildren } from 'preact';
import { screenOf } from '../router/place.ts';
import { shows } from '../session/session.ts';

interface LinkProps {
  /** Made by `hrefTo`. */
  href: string;
  children: ComponentChildren;
  class?: string;
  current?: boolean;
  /** The main link of a row: `j` and `k` go there. */
  isRow?: boolean;
}

/** A link to another place of the page; text alone, where the session does not show the screen that it leads to. */
export function Link({ href, children, class: name, current, isRow }: LinkProps) {
  if (!shows(screenOf(href))) return <span class={name}>{children}</span>;
  return (
    <a href={href} class={name} aria-current={current ? 'page' : undefined} data-row={isRow ? '' : undefined}>
      {children}
    </a>
  );
}
