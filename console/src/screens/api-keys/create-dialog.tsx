import type { ApiKeyCreate, Scope } from '@postrider/sdk';
import { useForm } from '../../data/form.ts';
import { ConfirmFooter } from '../../parts/confirm-footer.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorBox } from '../../parts/error-box.tsx';
import { Check, Choice, TextField } from '../../parts/field.tsx';
import { api, isOperator, session } from '../../session/session.ts';
import { t } from '../../texts/index.ts';

const words = t.apiKeys.creating;

interface CreateProps {
  onClose: () => void;
  onMade: (secret: string) => void;
}

export function CreateDialog({ onClose, onMade }: CreateProps) {
  const initial = { name: '', isSome: false, scopes: [] as readonly string[], day: '' };
  const form = useForm(initial, ['name', 'scopes', 'expires_at'], async (values, options) => {
    const { secret } = await api().apiKeys.create(asGiven(values), {
      ...options,
      ...(isOperator() && { platform: true }),
    });
    onMade(secret);
  });
  const { values, set, wrong } = form;
  return (
    <Dialog
      title={words.title}
      onClose={onClose}
      onSubmit={() => void form.submit()}
      footer={<ConfirmFooter word={words.confirm} isBusy={form.isBusy} onClose={onClose} />}
    >
      <TextField
        label={words.name}
        hint={words.nameHint}
        wrong={wrong('name')}
        value={values.name}
        onValue={(name) => set({ name })}
        input={{ autofocus: true }}
      />
      <Choice
        label={words.scopes}
        wrong={wrong('scopes')}
        value={values.isSome ? 'some' : 'all'}
        onValue={(value) => set({ isSome: value === 'some' })}
        choices={[
          ['all', words.all],
          ['some', words.some],
        ]}
      />
      {values.isSome && <Scopes chosen={values.scopes} onChosen={(scopes) => set({ scopes })} />}
      <TextField
        label={words.expires}
        hint={words.expiresHint}
        isOptional={t.optional}
        wrong={wrong('expires_at')}
        value={values.day}
        onValue={(day) => set({ day })}
        input={{ type: 'date' }}
      />
      <ErrorBox error={form.error} />
    </Dialog>
  );
}

function Scopes({ chosen, onChosen }: { chosen: readonly string[]; onChosen: (scopes: readonly string[]) => void }) {
  // A key can do no more than what made it, and some things are for sessions alone.
  const possible = session().shown.scopes.filter((scope) => !scope.startsWith('portal:use'));
  return (
    <div class="check-grid">
      {possible.map((scope) => (
        <Check
          key={scope}
          label={<code>{scope}</code>}
          value={chosen.includes(scope)}
          onValue={(isOn) => onChosen(isOn ? [...chosen, scope] : chosen.filter((one) => one !== scope))}
        />
      ))}
    </div>
  );
}

function asGiven({
  name,
  isSome,
  scopes,
  day,
}: {
  name: string;
  isSome: boolean;
  scopes: readonly string[];
  day: string;
}) {
  const given: ApiKeyCreate = { name };
  if (isSome) given.scopes = [...scopes] as Scope[];
  // The end of that day, where the reader is.
  if (day !== '') given.expires_at = new Date(`${day}T23:59:59`).toISOString();
  return given;
}
