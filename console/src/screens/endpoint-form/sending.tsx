import type { Dialect } from '@postrider/sdk';
import type { Form } from '../../data/form.ts';
import { Check, Field, TextField } from '../../parts/field.tsx';
import { Schedule, delaysOf, presetsOf, scheduleWords } from './schedule.tsx';
import { isOperator } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import type { FormValues } from './values.ts';

const words = t.endpointForm;

interface SendingProps {
  form: Form<FormValues>;
  dialects: readonly Dialect[];
  isNew: boolean;
}

/** Format, retries and limits. */
export function Sending({ form, dialects, isNew }: SendingProps) {
  const { values, set, wrong } = form;
  return (
    <>
      {/* Customers have the format of their platform. */}
      {isNew && isOperator() && (
        <Field label={words.format.label} hint={words.format.hint} wrong={wrong('dialect')}>
          {(control) => (
            <select
              {...control}
              value={values.dialect}
              onChange={(event) => set({ dialect: event.currentTarget.value, hmac: false, ownSecret: '' })}
            >
              {dialects.map(({ name }) => (
                <option key={name} value={name}>
                  {t.endpoints.dialects[name] ?? name}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <Retries form={form} dialects={dialects} isNew={isNew} />
      <TextField
        label={words.timeout}
        hint={words.timeoutHint}
        wrong={wrong('timeout_seconds')}
        value={values.timeout}
        onValue={(timeout) => set({ timeout })}
        input={{ inputMode: 'numeric', class: 'narrow-input num' }}
      />
      <TextField
        label={words.rate}
        isOptional={t.optional}
        hint={words.rateHint}
        wrong={wrong('rate_limit_per_second')}
        value={values.rate}
        onValue={(rate) => set({ rate })}
        input={{ inputMode: 'decimal', class: 'narrow-input num' }}
      />
      {!isNew && (
        <div class="field">
          <Check label={words.breaker} value={values.breaker} onValue={(breaker) => set({ breaker })} />
          <Check label={words.autoResume} value={values.autoResume} onValue={(autoResume) => set({ autoResume })} />
        </div>
      )}
    </>
  );
}

function Retries({ form: { values, set, wrong }, dialects, isNew }: SendingProps) {
  const refused = wrong('retry');
  return (
    <>
      <Field label={words.retries.label} wrong={values.retry === 'custom' ? undefined : refused}>
        {(control) => (
          <select {...control} value={values.retry} onChange={(event) => set({ retry: event.currentTarget.value })}>
            {isNew && <option value="">{words.retries.byDialect}</option>}
            {presetsOf(dialects, values.retry).map(({ name, retry_delays }) => (
              <option key={name} value={name}>
                {scheduleWords(retry_delays)}
              </option>
            ))}
            <option value="custom">{words.retries.custom}</option>
          </select>
        )}
      </Field>
      {values.retry === 'custom' && (
        <TextField
          label={words.retries.delays}
          hint={words.retries.delaysHint}
          wrong={refused}
          value={values.delays}
          onValue={(delays) => set({ delays })}
          input={{ inputMode: 'text', class: 'mono' }}
        />
      )}
      <Schedule delays={delaysOf(values, dialects)} />
    </>
  );
}
