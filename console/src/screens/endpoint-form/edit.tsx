import { type Dialect, type Endpoint, headersOf } from '@postrider/sdk';
import { useState } from 'preact/hooks';
import { useForm } from '../../data/form.ts';
import { useLoad } from '../../data/load.ts';
import { Link } from '../../parts/link.tsx';
import { Shown } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { SecretDialog } from '../../parts/secret-dialog.tsx';
import { type ScreenProps, go, hrefTo, segment } from '../../router/place.ts';
import { api } from '../../session/session.ts';
import { nameOf } from '../../texts/endpoint-words.ts';
import { t } from '../../texts/index.ts';
import { FormBody } from './body.tsx';
import { FIELDS, asUpdate, valuesOf } from './values.ts';

export function Screen({ params: { id = '' } }: ScreenProps) {
  const read = useLoad(readForm(id), id);
  const endpoint = read.value?.endpoint;
  return (
    <Page
      title={t.endpointForm.editTitle(endpoint ? nameOf(endpoint) : '')}
      crumbs={
        <>
          <Link href={hrefTo('/endpoints')}>{t.endpoints.title}</Link> /{' '}
          <Link href={hrefTo(`/endpoints/${segment(id)}`)}>{endpoint ? nameOf(endpoint) : id}</Link>
        </>
      }
    >
      <Shown of={read}>{(value) => <Edit {...value} />}</Shown>
    </Page>
  );
}

interface EditProps {
  endpoint: Endpoint;
  dialects: readonly Dialect[];
}

const readForm =
  (id: string) =>
  async (signal: AbortSignal): Promise<EditProps> => {
    const [endpoint, dialects] = await Promise.all([
      api().endpoints.get(id, { signal }),
      api().dialects.list({ signal }),
    ]);
    return { endpoint, dialects };
  };

function Edit({ endpoint: given, dialects }: EditProps) {
  // The form is about the endpoint as it was when the person began, and is refused if somebody else has changed it since.
  const [endpoint] = useState(given);
  const [standardSecret, setStandardSecret] = useState<string>();
  const back = () => go(`/endpoints/${segment(endpoint.id)}`);
  const form = useForm(valuesOf(endpoint), FIELDS, async (values) => {
    const ifMatch = headersOf(endpoint)?.get('etag') ?? undefined;
    const updated = await api().endpoints.update(endpoint.id, asUpdate(values), { ifMatch });
    if (updated.standard_signing_secret === undefined) back();
    else setStandardSecret(updated.standard_signing_secret);
  });
  return (
    <>
      <FormBody form={form} submit={t.actions.save} dialects={dialects} endpoint={endpoint} />
      {standardSecret && <SecretDialog secret={undefined} standardSecret={standardSecret} onClose={back} />}
    </>
  );
}
