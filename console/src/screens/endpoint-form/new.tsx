import type { EndpointCreated } from '@postrider/sdk';
import { useState } from 'preact/hooks';
import { signs, useDialects, usualDialect } from '../../data/dialects.ts';
import { useForm } from '../../data/form.ts';
import { useLoad } from '../../data/load.ts';
import { Link } from '../../parts/link.tsx';
import { Shown } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { SecretDialog } from '../../parts/secret-dialog.tsx';
import { go, hrefTo, query, segment } from '../../router/place.ts';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import { FormBody } from './body.tsx';
import { FIELDS, type FormValues, NEW, asCreate, isChat } from './values.ts';

/** A link here may name what the endpoint is to ask for: `?events=postrider.*`. */
export function Screen() {
  const usual = useLoad(usualDialect, 'usual dialect');
  const asked = query.value.get('events');
  const events = asked === null ? [] : [asked];
  return (
    <Page title={t.endpointForm.newTitle} crumbs={<Link href={hrefTo('/endpoints')}>{t.endpoints.title}</Link>}>
      <Shown of={usual}>
        {(dialect) => <New initial={{ ...NEW, events, dialect: isChat(dialect) ? NEW.dialect : dialect }} />}
      </Shown>
    </Page>
  );
}

function New({ initial }: { initial: FormValues }) {
  const [created, setCreated] = useState<EndpointCreated>();
  const dialects = useDialects().value ?? [];
  const form = useForm(initial, FIELDS, async (values) => {
    const made = await api().endpoints.create(asCreate(values));
    if (signs(made, values.ownSecret !== '', dialects)) setCreated(made);
    else go(`/endpoints/${segment(made.id)}`);
  });
  return (
    <>
      <FormBody form={form} submit={t.endpointForm.create} />
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
