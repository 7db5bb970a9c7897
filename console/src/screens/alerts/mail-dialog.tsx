import type { AlertMail, AlertType } from '@postrider/sdk';
import { useForm } from '../../data/form.ts';
import { ConfirmFooter } from '../../parts/confirm-footer.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorBox } from '../../parts/error-box.tsx';
import { Check, TextField } from '../../parts/field.tsx';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';

const words = t.alerts.mail;
const KINDS = Object.entries(words.kinds) as [AlertType, string][];

interface MailDialogProps {
  mail: AlertMail;
  onClose: () => void;
}

/** Where alerts are to be mailed, and which. */
export function MailDialog({ mail, onClose }: MailDialogProps) {
  const types = mail.types.length > 0 ? mail.types : KINDS.map(([type]) => type);
  const form = useForm({ address: mail.address ?? '', types }, ['address', 'types'], (values) =>
    api().alertMail.set(values),
  );
  const { values, set, wrong } = form;
  const submit = async () => {
    if (await form.submit()) onClose();
  };
  return (
    <Dialog
      title={words.asking}
      onClose={onClose}
      onSubmit={() => void submit()}
      footer={<ConfirmFooter word={words.save} isBusy={form.isBusy} onClose={onClose} />}
    >
      <TextField
        label={words.address}
        hint={words.addressHint}
        wrong={wrong('address')}
        value={values.address}
        onValue={(address) => set({ address })}
        input={{ type: 'email', autocomplete: 'email', autofocus: true, maxLength: 254 }}
      />
      <fieldset class="field">
        <legend>{words.which}</legend>
        <div class="check-grid">
          {KINDS.map(([type, label]) => (
            <Check
              key={type}
              label={label}
              value={values.types.includes(type)}
              onValue={(isOn) =>
                set({ types: isOn ? [...values.types, type] : values.types.filter((one) => one !== type) })
              }
            />
          ))}
        </div>
        {wrong('types') !== undefined && <span class="wrong">{wrong('types')}</span>}
      </fieldset>
      <ErrorBox error={form.error} />
    </Dialog>
  );
}
