import type { ComponentChildren } from 'preact';
import { t } from '../texts/index.ts';
import { Code } from './copy.tsx';

interface EmptyProps {
  title: string;
  lead: string;
  /** What to do next. */
  children?: ComponentChildren;
  /** The same for the API. */
  curl?: string | undefined;
}

/** What stands where there is nothing yet. */
export function Empty({ title, lead, children, curl }: EmptyProps) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      <p class="soft readable">{lead}</p>
      {children}
      {curl !== undefined && (
        <>
          <p class="soft">{t.orWithCurl}</p>
          <Code text={curl} />
        </>
      )}
    </div>
  );
}
