import type { MfaEnrolment } from '@postrider/sdk';
import { encode } from 'uqr';
import { useForm } from '../../data/form.ts';
import { Code } from '../../parts/copy.tsx';
import { ErrorBox } from '../../parts/error-box.tsx';
import { TextField } from '../../parts/field.tsx';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';

const words = t.secondFactorPage;

interface EnrolmentProps {
  enrolment: MfaEnrolment;
  onConfirmed: (recoveryCodes: readonly string[]) => void;
  onCancel: () => void;
}

/** Two steps: the secret goes into an app, and a code comes back. */
export function Enrolment({ enrolment, onConfirmed, onCancel }: EnrolmentProps) {
  const form = useForm({ code: '' }, ['code'], async ({ code }) => {
    const { recovery_codes } = await api().secondFactor.confirm(code.replaceAll(/\s/g, ''));
    onConfirmed(recovery_codes);
  });
  return (
    <form class="card padded stack enrolment" onSubmit={form.onSubmit} noValidate>
      <h2>{words.step1}</h2>
      <p class="soft">{words.scan}</p>
      <QrCode text={enrolment.otpauth_uri} />
      <p class="soft">{words.orType}</p>
      <Code text={enrolment.secret} label={words.orType} />
      <h2>{words.step2}</h2>
      <TextField
        label={words.code}
        wrong={form.wrong('code')}
        value={form.values.code}
        onValue={(code) => form.set({ code })}
        input={{ autocomplete: 'one-time-code', inputMode: 'numeric', class: 'mono', maxLength: 12 }}
      />
      <ErrorBox error={form.error} />
      <div class="row-flex">
        <button type="button" onClick={onCancel}>
          {t.actions.cancel}
        </button>
        <button class="primary" aria-busy={form.isBusy}>
          {words.confirm}
        </button>
      </div>
    </form>
  );
}

/** Dark on light in both colour schemes: readers of them expect that. */
function QrCode({ text }: { text: string }) {
  const { data, size } = encode(text, { border: 2 });
  const path = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={words.qr} shape-rendering="crispEdges">
      <path d={path} />
    </svg>
  );
}
