import type { EndpointCreated } from '@postrider/sdk';
import { useState } from 'preact/hooks';
import { type Formats, signs, useFormats } from '../../data/dialects.ts';
import { useForm } from '../../data/form.ts';
import { Link } from '../../parts/link.tsx';
import { Shown } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { SecretDialog } from '../../parts/secret-dialog.tsx';
import { go, hrefTo, query, segment } from '../../router/place.ts';
import { api, isOperator } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import { FormBody } from './body.tsx';
import { secretOf } from './own-secret.ts';
import { FIELDS, type FormValues, NEW, asCreate } from './values.ts';

/** Not before the formats are known: one that needs a switch for its signature would be made without it. */
export function Screen() {
  const formats = useFormats();
  return (
    <Page title={t.endpointForm.newTitle} crumbs={<Link href={hrefTo('/endpoints')}>{t.endpoints.title}</Link>}>
      <Shown of={formats}>{(value) => <New formats={value} />}</Shown>
    </Page>
  );
}

/** A link here may name what the endpoint is to ask for: `?events=postrider.*`. */
function New({ formats: { dialects, usual } }: { formats: Formats }) {
  const [created, setCreated] = useState<EndpointCreated>();
  const asked = query.value.get('events');
  const initial: FormValues = { ...NEW, events: asked === null ? [] : [asked], dialect: usual };
  // Others are not shown the format, so a refusal of it stands above the form.
  const fields = isOperator() ? [...FIELDS, 'dialect'] : FIELDS;
  const form = useForm(initial, fields, async (values) => {
    const secret = secretOf(values, dialects);
    const made = await api().endpoints.create(asCreate(values, secret));
    if (signs(made, secret !== undefined, dialects)) setCreated(made);
    else go(`/endpoints/${segment(made.id)}`);
  });
  return (
    <>
      <FormBody form={form} submit={t.endpointForm.create} dialects={dialects} />
      {created && (
        <SecretDialog
          secret={created.signing_secret}
          standardSecret={created.standard_signing_secret}
          onClose={() => go(`/endpoints/${segment(created.id)}`)}
          onTest={() => go(`/endpoints/${segment(created.id)}`, { query: { test: '1' } })}
        />
      )}
    </>
  );
}
