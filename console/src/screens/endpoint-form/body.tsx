import type { Dialect, Endpoint } from '@postrider/sdk';
import { documentedTypes, useCatalogue } from '../../data/catalogue.ts';
import type { Form } from '../../data/form.ts';
import { ErrorBox } from '../../parts/error-box.tsx';
import { Choice, TextField } from '../../parts/field.tsx';
import { t } from '../../texts/index.ts';
import { Auth } from './auth.tsx';
import { Events } from './events.tsx';
import { Filter } from './filter.tsx';
import { Headers } from './headers.tsx';
import { Preview } from './preview.tsx';
import { Sending } from './sending.tsx';
import { Hmac, Signature } from './signature.tsx';
import { chatOf, hasOwnSecret } from './own-secret.ts';
import type { FormValues } from './values.ts';

const words = t.endpointForm;

interface FormBodyProps {
  form: Form<FormValues>;
  submit: string;
  /** Those that there are: what signs an endpoint's requests depends on its own. */
  dialects: readonly Dialect[];
  /** The one that is edited. */
  endpoint?: Endpoint;
}

/** The form of an endpoint, and beside it the request that its server will get. */
export function FormBody({ form, submit, dialects, endpoint }: FormBodyProps) {
  const catalogue = useCatalogue();
  const dialect = dialects.find(({ name }) => name === form.values.dialect);
  const types = catalogue.value?.length === 0 ? documentedTypes(dialect) : (catalogue.value ?? []);
  const isNew = endpoint === undefined;
  const isSent = form.values.kind === 'push';
  const isOwn = hasOwnSecret(form.values, dialects);
  const isSigned = isOwn && (endpoint ? endpoint.secrets.some(({ use }) => use === 'signing') : form.values.hmac);
  return (
    <div class="two wide-first">
      <form onSubmit={form.onSubmit} noValidate>
        {isNew && <Kind form={form} />}
        {isSent && <Url form={form} />}
        <Basics form={form} />
        <Events form={form} types={types} />
        {isSent && <Auth form={form} shown={endpoint?.auth ?? undefined} />}
        {isNew && isOwn && <Hmac form={form} />}
        <details class="more">
          <summary>{words.more}</summary>
          {isSent && <Sending form={form} dialects={dialects} isNew={isNew} />}
          <Filter form={form} types={types} />
          {isSent && <Headers form={form} names={endpoint?.header_names ?? []} />}
          <Signature form={form} isNew={isNew} dialects={dialects} />
        </details>
        <ErrorBox error={form.error} />
        <p class="row-flex">
          <button class="primary" aria-busy={form.isBusy}>
            {submit}
          </button>
        </p>
      </form>
      {isSent && <Preview values={form.values} types={types} isSigned={isSigned} />}
    </div>
  );
}

function Kind({ form: { values, set } }: { form: Form<FormValues> }) {
  return (
    <Choice
      label={words.kind.label}
      hint={values.kind === 'poll' ? words.pollHint : undefined}
      value={values.kind}
      onValue={(kind) => set({ kind })}
      choices={[
        ['push', words.kind.push],
        ['poll', words.kind.poll],
      ]}
    />
  );
}

function Url({ form: { values, set, wrong } }: { form: Form<FormValues> }) {
  const chat = chatOf(values.url);
  return (
    <TextField
      label={words.url}
      hint={chat ? words.chat[chat] : words.urlHint}
      wrong={wrong('url')}
      value={values.url}
      onValue={(url) => set({ url })}
      input={{ type: 'url', inputMode: 'url', spellcheck: false, placeholder: 'https://', class: 'mono' }}
    />
  );
}

function Basics({ form: { values, set, wrong } }: { form: Form<FormValues> }) {
  return (
    <>
      <TextField
        label={words.label}
        isOptional={t.optional}
        hint={words.labelHint}
        wrong={wrong('label')}
        value={values.label}
        onValue={(label) => set({ label })}
      />
      <Choice
        label={words.scope.label}
        value={values.isOfProject ? 'project' : 'all'}
        onValue={(scope) => set({ isOfProject: scope === 'project' })}
        choices={[
          ['all', words.scope.all],
          ['project', words.scope.project],
        ]}
      />
      {values.isOfProject && (
        <TextField
          label={words.scope.id}
          wrong={wrong('project_id')}
          value={values.projectId}
          onValue={(projectId) => set({ projectId })}
          input={{ spellcheck: false, class: 'mono' }}
        />
      )}
    </>
  );
}
