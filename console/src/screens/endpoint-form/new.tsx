import type { EndpointCreated } from '@postrider/sdk';
import { useState } from 'preact/hooks';
import { useForm } from '../../data/form.ts';
import { Link } from '../../parts/link.tsx';
import { Page } from '../../parts/page.tsx';
import { SecretDialog } from '../../parts/secret-dialog.tsx';
import { go, hrefTo, query, segment } from '../../router/place.ts';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import { FormBody } from './body.tsx';
import { FIELDS, NEW, asCreate } from './values.ts';

/** A link here may name what the endpoint is to ask for: `?events=postrider.*`. */
export function Screen() {
  const [created, setCreated] = useState<EndpointCreated>();
  const asked = query.value.get('events');
  const initial = asked === null ? NEW : { ...NEW, events: [asked] };
  const form = useForm(initial, FIELDS, async (values) => setCreated(await api().endpoints.create(asCreate(values))));
  return (
    <Page title={t.endpointForm.newTitle} crumbs={<Link href={hrefTo('/endpoints')}>{t.endpoints.title}</Link>}>
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
