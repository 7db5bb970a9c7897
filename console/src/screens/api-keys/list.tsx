import { useState } from 'preact/hooks';
import { curl } from '../../data/curl.ts';
import { usePages } from '../../data/pages.ts';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { Page } from '../../parts/page.tsx';
import { api, isOperator, may } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import type { Asked } from './asked.ts';
import { CreateDialog } from './create-dialog.tsx';
import { RevokeDialog } from './revoke-dialog.tsx';
import { RotateDialog } from './rotate-dialog.tsx';
import { KeyRow } from './row.tsx';
import { ShownKeyDialog } from './shown-key-dialog.tsx';

const PAGE = 100;

export function Screen() {
  const platform = isOperator() ? { platform: true } : {};
  const pages = usePages(
    (cursor, signal) =>
      api()
        .apiKeys.list({ ...platform, limit: PAGE, ...(cursor && { cursor }) }, { signal })
        .page(),
    'keys',
  );
  const [asked, ask] = useState<Asked>();
  const [secret, show] = useState<string>();
  const close = () => ask(undefined);
  const onMade = (made: string) => {
    close();
    show(made);
  };
  return (
    <Page title={t.apiKeys.title} actions={pages.rows?.length !== 0 && <NewKey ask={ask} />}>
      <List of={pages} label={t.apiKeys.title} keyOf={({ id }) => id} empty={<None ask={ask} />}>
        {(key) => <KeyRow apiKey={key} ask={ask} />}
      </List>
      {asked?.what === 'create' && <CreateDialog onClose={close} onMade={onMade} />}
      {asked?.what === 'rotate' && <RotateDialog apiKey={asked.key} onClose={close} onMade={onMade} />}
      {asked?.what === 'revoke' && <RevokeDialog apiKey={asked.key} onClose={close} />}
      {secret !== undefined && <ShownKeyDialog secret={secret} onClose={() => show(undefined)} />}
    </Page>
  );
}

function NewKey({ ask }: { ask: (asked: Asked) => void }) {
  if (!may('keys:write')) return null;
  return (
    <button type="button" class="primary" onClick={() => ask({ what: 'create' })}>
      {t.apiKeys.create}
    </button>
  );
}

function None({ ask }: { ask: (asked: Asked) => void }) {
  const command = curl('POST', `/v1/api-keys${isOperator() ? '?platform=true' : ''}`, { name: 'billing' });
  return (
    <Empty title={t.apiKeys.empty.title} lead={t.apiKeys.empty.lead} curl={command}>
      <NewKey ask={ask} />
    </Empty>
  );
}
