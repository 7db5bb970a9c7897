import { type Form, useForm } from '../../data/form.ts';
import { ConfirmFooter } from '../../parts/confirm-footer.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorBox } from '../../parts/error-box.tsx';
import { TextField } from '../../parts/field.tsx';
import { place } from '../../router/place.ts';
import { api, endSession, session } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import type { Whose } from './session-row.tsx';

const words = t.operator.sessions.endingAll;

interface EndAllProps {
  /** Empty: the person is typed, who may stand far down the list. */
  user: string;
  whose: Whose;
  onClose: () => void;
  onDone: (count: number, user: string) => void;
}

/** Asks before all sessions of one person end, for somebody who has left, or lost a laptop. */
export function EndAllDialog({ user: given, whose, onClose, onDone }: EndAllProps) {
  const isOwn = (user: string) => whose.platform === true && user === session().shown.user;
  const form = useForm({ user: given }, ['user'], async ({ user }) => {
    onDone(await api().portal.revokeOfUser(user, whose), user);
    if (isOwn(user)) endSession('left');
  });
  const { user } = form.values;
  const confirm = async () => {
    if (await form.submit()) onClose();
  };
  return (
    <Dialog
      title={words.title}
      onClose={onClose}
      onSubmit={() => void confirm()}
      footer={<ConfirmFooter word={words.confirm} isBusy={form.isBusy} isDangerous onClose={onClose} />}
    >
      {given === '' && <Person form={form} />}
      {user !== '' && <What user={user} />}
      {isOwn(user) && <p class="notice wait">{words.own}</p>}
      <ErrorBox error={form.error} />
    </Dialog>
  );
}

function Person({ form: { values, set, wrong } }: { form: Form<{ user: string }> }) {
  return (
    <TextField
      label={words.user}
      hint={words.userHint}
      wrong={wrong('user')}
      value={values.user}
      onValue={(user) => set({ user })}
      input={{ autofocus: true, spellcheck: false }}
    />
  );
}

function What({ user }: { user: string }) {
  const { tenant } = place.value;
  return (
    <p>
      <span class="strong">{user}</span> {tenant === undefined ? words.leadOfPlatform : words.lead(tenant)}{' '}
      {words.links}
    </p>
  );
}
