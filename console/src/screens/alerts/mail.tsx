import type { AlertMail } from '@postrider/sdk';
import { useState } from 'preact/hooks';
import { useAction } from '../../data/action.ts';
import { useForm } from '../../data/form.ts';
import { useLoad } from '../../data/load.ts';
import { ErrorBox } from '../../parts/error-box.tsx';
import { TextField } from '../../parts/field.tsx';
import { Shown } from '../../parts/loaded.tsx';
import { Pill } from '../../parts/pill.tsx';
import { At } from '../../parts/time.tsx';
import { api, may } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import { MailDialog } from './mail-dialog.tsx';

const words = t.alerts.mail;

/** The address that alerts are mailed to, and which. */
export function Mail() {
  const mail = useLoad((signal) => api().alertMail.get({ signal }), 'alert-mail');
  return (
    <>
      <h2>{words.title}</h2>
      <Shown of={mail}>{(present) => <State mail={present} />}</Shown>
    </>
  );
}

function State({ mail }: { mail: AlertMail }) {
  const { available, status, address, types } = mail;
  return (
    <div class="card padded stack readable">
      {address === null ? (
        <p>{available ? words.off : words.unavailable}</p>
      ) : (
        <>
          <p class="row-flex">
            <span class="strong cut">{address}</span>
            <Pill tone={status === 'on' ? 'good' : 'wait'}>{words.status[status]}</Pill>
          </p>
          <p class="soft">{types.map((type) => words.kinds[type]).join(', ')}</p>
          {!available && <p class="bad">{words.unavailable}</p>}
        </>
      )}
      {may('endpoints:write') && <Changes mail={mail} />}
    </div>
  );
}

function Changes({ mail }: { mail: AlertMail }) {
  const [isAsked, ask] = useState(false);
  const remove = useAction(() => api().alertMail.remove());
  return (
    <>
      {mail.code_expires_at !== null && <Confirmation until={mail.code_expires_at} />}
      <ErrorBox error={remove.error} />
      <div class="row-flex">
        {mail.available && (
          <button type="button" onClick={() => ask(true)}>
            {mail.address === null ? words.add : words.change}
          </button>
        )}
        {mail.address !== null && (
          <button type="button" class="danger" aria-busy={remove.isBusy} onClick={() => void remove.run()}>
            {words.remove}
          </button>
        )}
      </div>
      {isAsked && <MailDialog mail={mail} onClose={() => ask(false)} />}
    </>
  );
}

/** The code that was mailed comes back. */
function Confirmation({ until }: { until: string }) {
  const form = useForm({ code: '' }, ['code'], ({ code }) => api().alertMail.confirm(code));
  return (
    <form class="stack" onSubmit={form.onSubmit} noValidate>
      <TextField
        label={words.code}
        hint={
          <>
            {words.codeHint} <At at={until} />.
          </>
        }
        wrong={form.wrong('code')}
        value={form.values.code}
        onValue={(code) => form.set({ code })}
        input={{ autocomplete: 'one-time-code', class: 'mono', maxLength: 64 }}
      />
      <ErrorBox error={form.error} />
      <div>
        <button class="primary" aria-busy={form.isBusy}>
          {words.confirm}
        </button>
      </div>
    </form>
  );
}
