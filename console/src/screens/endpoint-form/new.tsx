import type { EndpointCreated } from '@postrider/sdk';
import { useState } from 'preact/hooks';
import { useForm } from '../../data/form.ts';
import { Link } from '../../parts/link.tsx';
import { Page } from '../../parts/page.tsx';
import { SecretDialog } from '../../parts/secret-dialog.tsx';
import { go, hrefTo, segment } from '../../router/place.ts';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import { FormBody } from './body.tsx';
import { FIELDS, NEW, asCreate } from './values.ts';

export function Screen() {
  const [created, setCreated] = useState<EndpointCreated>();
  const form = useForm(NEW, FIELDS, async (values) => setCreated(await api().endpoints.create(asCreate(values))));
  return (
    <Page
      title={t.endpointForm.newTitle}
      crumbs={
        <>
          <Link href={hrefTo('/endpoints')}>{t.endpoints.title}</Link> /
        </>
      }
    >
      <FormBody form={form} submit={t.endpointForm.create} />
      {created && (
        <SecretDialog
          secret={created.signing_secret}
          standardSecret={created.standard_signing_secret}
          onClose={() => go(`/endpoints/${segment(created.id)}`)}
          onTest={() => go(`/endpoints/${segment(created.id)}`, { query: { test: '1' } })}
        />
      )}
    </Page>
  );
}
