import type { ComponentChildren } from 'preact';

interface LinkProps {
  /** Made by `hrefTo`. */
  href: string;
  children: ComponentChildren;
  class?: string;
  current?: boolean;
  /** The main link of a row: `j` and `k` go there. */
  isRow?: boolean;
}

/** A link to another place of the page. */
export function Link({ href, children, class: name, current, isRow }: LinkProps) {
  return (
    <a href={href} class={name} aria-current={current ? 'page' : undefined} data-row={isRow ? '' : undefined}>
      {children}
    </a>
  );
}
