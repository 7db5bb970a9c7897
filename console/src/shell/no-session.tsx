import { Code } from '../parts/copy.tsx';
import { wordsOf } from '../parts/error-box.tsx';
import type { Missing } from '../session/session.ts';
import { t } from '../texts/index.ts';

/** What stands there without a session: why, and how to get one. */
export function NoSession({ why, error }: { why: Missing; error: unknown }) {
  const words = t.session[why];
  const isEmbedded = window.parent !== window;
  return (
    <main class="centred">
      <h1>{words.title}</h1>
      <p>{words.lead}</p>
      {error !== undefined && <p class="soft">{wordsOf(error)}</p>}
      {!isEmbedded && (
        <>
          <p class="soft">{words.how}</p>
          <Code text={t.session.command} />
        </>
      )}
    </main>
  );
}
