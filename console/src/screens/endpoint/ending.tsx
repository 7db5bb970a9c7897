import { useSignal } from '@preact/signals';
import { useState } from 'preact/hooks';
import type { Endpoint } from '@postrider/sdk';
import { useAction } from '../../data/action.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorBox } from '../../parts/error-box.tsx';
import { TextField } from '../../parts/field.tsx';
import { api } from '../../session/session.ts';
import { nameOf } from '../../texts/endpoint-words.ts';
import { t } from '../../texts/index.ts';
import { DisableDialog } from '../endpoints/disable-dialog.tsx';

const words = t.endpoint.ending;

/** What ends an endpoint: for a while, or for good. */
export function Ending({ endpoint }: { endpoint: Endpoint }) {
  const [asked, ask] = useState<'disable' | 'revoke'>();
  const close = () => ask(undefined);
  return (
    <section class="card">
      <div class="card-head">
        <h2>{words.title}</h2>
        <span class="row-flex">
          {endpoint.status !== 'disabled' && <button onClick={() => ask('disable')}>{words.disable}</button>}
          <button class="danger" onClick={() => ask('revoke')}>
            {words.revoke}
          </button>
        </span>
      </div>
      <p class="panel soft">{words.lead}</p>
      {asked === 'disable' && <DisableDialog endpoint={endpoint} onClose={close} />}
      {asked === 'revoke' && <RevokeDialog endpoint={endpoint} onClose={close} />}
    </section>
  );
}

/** Final, so it wants the name to be typed. */
function RevokeDialog({ endpoint, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const name = nameOf(endpoint);
  const typed = useSignal('');
  const differs = useSignal(false);
  const revoke = useAction((options) => api().endpoints.revoke(endpoint.id, options));
  const confirm = async () => {
    differs.value = typed.peek().trim() !== name;
    if (!differs.peek() && (await revoke.run())) onClose();
  };
  return (
    <Dialog
      title={words.revoking.title(name)}
      onClose={onClose}
      onSubmit={() => void confirm()}
      footer={
        <>
          <button type="button" onClick={onClose}>
            {t.actions.cancel}
          </button>
          <button class="danger" aria-busy={revoke.isBusy}>
            {words.revoking.confirm}
          </button>
        </>
      }
    >
      <p>{words.revoking.lead}</p>
      <TextField
        label={words.revoking.type(name)}
        wrong={differs.value ? words.revoking.differs : undefined}
        value={typed.value}
        onValue={(value) => {
          typed.value = value;
        }}
        input={{ spellcheck: false }}
      />
      <ErrorBox error={revoke.error} />
    </Dialog>
  );
}
