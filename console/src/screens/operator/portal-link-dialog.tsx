import type { PortalAccess } from '@postrider/sdk';
import { useState } from 'preact/hooks';
import { useForm } from '../../data/form.ts';
import { Code } from '../../parts/copy.tsx';
import { ConfirmFooter } from '../../parts/confirm-footer.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorBox } from '../../parts/error-box.tsx';
import { Choice, TextField } from '../../parts/field.tsx';
import { api, session } from '../../session/session.ts';
import { t } from '../../texts/index.ts';

const words = t.operator.tenants.linking;

interface LinkProps {
  tenant: string;
  onClose: () => void;
}

/** Makes a link for somebody of a tenant, and shows it. */
export function PortalLinkDialog({ tenant, onClose }: LinkProps) {
  const [link, setLink] = useState<string>();
  const initial = { user: session().shown.user, access: 'read' as PortalAccess };
  const form = useForm(initial, ['user', 'access'], async ({ user, access }) => {
    const { url, code } = await api().tenant(tenant).portal.create({ user, access });
    setLink(url ?? `${location.href.split('#', 1)[0]}#code=${code}`);
  });
  if (link !== undefined) return <Made link={link} onClose={onClose} />;
  const { values, set, wrong } = form;
  return (
    <Dialog
      title={words.title(tenant)}
      onClose={onClose}
      onSubmit={() => void form.submit()}
      footer={<ConfirmFooter word={words.confirm} isBusy={form.isBusy} onClose={onClose} />}
    >
      <p>{words.lead}</p>
      <TextField
        label={words.user}
        hint={words.userHint}
        wrong={wrong('user')}
        value={values.user}
        onValue={(user) => set({ user })}
        input={{ autofocus: true }}
      />
      <Choice
        label={words.access}
        wrong={wrong('access')}
        value={values.access}
        onValue={(access) => set({ access })}
        choices={[
          ['read', words.reads],
          ['manage', words.manages],
        ]}
      />
      <ErrorBox error={form.error} />
    </Dialog>
  );
}

function Made({ link, onClose }: { link: string; onClose: () => void }) {
  return (
    <Dialog
      title={words.made}
      onClose={onClose}
      footer={
        <button type="button" class="primary" onClick={onClose}>
          {t.actions.close}
        </button>
      }
    >
      <p>{words.madeLead}</p>
      <Code text={link} label={words.made} />
    </Dialog>
  );
}
