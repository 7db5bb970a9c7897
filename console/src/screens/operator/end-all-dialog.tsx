import { useAction } from '../../data/action.ts';
import { ConfirmFooter } from '../../parts/confirm-footer.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorBox } from '../../parts/error-box.tsx';
import { place } from '../../router/place.ts';
import { api, endSession, session } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import type { Whose } from './session-row.tsx';

const words = t.operator.sessions.endingAll;

interface EndAllProps {
  user: string;
  whose: Whose;
  onClose: () => void;
  onDone: (count: number) => void;
}

/** Asks before all sessions of one person end, for somebody who has left, or lost a laptop. */
export function EndAllDialog({ user, whose, onClose, onDone }: EndAllProps) {
  const { tenant } = place.value;
  const isOwn = tenant === undefined && user === session().shown.user;
  const end = useAction(async () => {
    onDone(await api().portal.revokeOfUser(user, whose));
    if (isOwn) endSession('left');
  });
  const confirm = async () => {
    if (await end.run()) onClose();
  };
  return (
    <Dialog
      title={words.title}
      onClose={onClose}
      onSubmit={() => void confirm()}
      footer={<ConfirmFooter word={words.confirm} isBusy={end.isBusy} isDangerous onClose={onClose} />}
    >
      <p>
        <span class="strong">{user}</span> {tenant === undefined ? words.leadOfPlatform : words.lead(tenant)}{' '}
        {words.links}
      </p>
      {isOwn && <p class="notice wait">{words.own}</p>}
      <ErrorBox error={end.error} />
    </Dialog>
  );
}
