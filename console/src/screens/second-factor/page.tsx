import type { Mfa, MfaEnrolment } from '@postrider/sdk';
import { useState } from 'preact/hooks';
import { useAction } from '../../data/action.ts';
import { useLoad } from '../../data/load.ts';
import { ErrorBox } from '../../parts/error-box.tsx';
import { Shown } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Pill } from '../../parts/pill.tsx';
import { At } from '../../parts/time.tsx';
import { api, may } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { Enrolment } from './enrolment.tsx';
import { RecoveryCodesDialog } from './recovery-codes-dialog.tsx';

const words = t.secondFactorPage;

export function Screen() {
  const factor = useLoad((signal) => api().secondFactor.get({ signal }), 'mfa');
  const [enrolment, setEnrolment] = useState<MfaEnrolment>();
  const [codes, setCodes] = useState<readonly string[]>();
  const onConfirmed = (made: readonly string[]) => {
    setEnrolment(undefined);
    setCodes(made);
  };
  const status = factor.value?.status;
  return (
    <Page
      title={words.title}
      beside={status && <Pill tone={status === 'on' ? 'good' : 'off'}>{words.status[status]}</Pill>}
    >
      <Shown of={factor}>
        {(mfa) =>
          enrolment ? (
            <Enrolment enrolment={enrolment} onConfirmed={onConfirmed} onCancel={() => setEnrolment(undefined)} />
          ) : (
            <State mfa={mfa} onBegun={setEnrolment} onCodes={setCodes} />
          )
        }
      </Shown>
      {codes && <RecoveryCodesDialog codes={codes} onClose={() => setCodes(undefined)} />}
    </Page>
  );
}

interface StateProps {
  mfa: Mfa;
  onBegun: (enrolment: MfaEnrolment) => void;
  onCodes: (codes: readonly string[]) => void;
}

function State({ mfa: { status, required, recovery_codes_left, locked_until }, onBegun, onCodes }: StateProps) {
  const begin = useAction(async () => onBegun(await api().secondFactor.enrol()));
  const [asked, ask] = useState<'replace' | 'disable'>();
  const close = () => ask(undefined);
  return (
    <div class="card padded stack readable">
      <p>{status === 'on' ? words.on(recovery_codes_left) : words.off}</p>
      {status === 'pending' && <p class="soft">{words.pending}</p>}
      {required && status !== 'on' && <p class="strong">{words.required}</p>}
      {locked_until !== null && (
        <p class="bad">
          {words.locked} <At at={locked_until} />.
        </p>
      )}
      <ErrorBox error={begin.error} />
      {may('mfa:write') && (
        <div class="row-flex">
          {status !== 'on' && (
            <button type="button" class="primary" onClick={() => void begin.run()} aria-busy={begin.isBusy}>
              {words.begin}
            </button>
          )}
          {status === 'on' && (
            <>
              <button type="button" onClick={() => ask('replace')}>
                {words.replace}
              </button>
              <button type="button" class="danger" onClick={() => ask('disable')}>
                {words.disable}
              </button>
            </>
          )}
        </div>
      )}
      {asked === 'replace' && (
        <ConfirmDialog
          words={words.replacing}
          call={async (options) => onCodes((await api().secondFactor.replaceRecoveryCodes(options)).recovery_codes)}
          onClose={close}
        />
      )}
      {asked === 'disable' && (
        <ConfirmDialog
          words={words.disabling}
          call={(options) => api().secondFactor.disable(options)}
          onClose={close}
          isDangerous
        />
      )}
    </div>
  );
}
