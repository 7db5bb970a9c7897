import { useEffect, useState } from 'preact/hooks';
import type { PreviewRequest, RequestPreview } from '@postrider/sdk';
import type { KnownType } from '../../data/catalogue.ts';
import { useLoad } from '../../data/load.ts';
import { wordsOf } from '../../parts/error-box.tsx';
import { HttpRequest } from '../../parts/http-request.tsx';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import { type FormValues, authHeaderOf } from './values.ts';

const words = t.endpointForm.preview;
const WAIT_MS = 300;
/** The one that is typed is not sent before it is submitted, and that of an endpoint is not known here. */
const SAMPLE_SECRET = 'a-secret-of-your-own';
/** Until one is typed: what requests look like is worth seeing before. */
const SAMPLE_URL = 'https://example.com/webhooks';

interface PreviewProps {
  values: FormValues;
  types: readonly KnownType[];
  /** Is there a secret of the customer's? */
  isSigned: boolean;
}

/** The exact request for an event of the chosen types, as the form is now. */
export function Preview({ values: typed, types, isSigned }: PreviewProps) {
  const values = { ...typed, url: typed.url || SAMPLE_URL };
  const { url } = values;
  const request = requestOf(values, sampleOf(values, types), isSigned);
  const asked = useSettled(JSON.stringify([values.dialect, request]));
  const read = useLoad(
    async (signal) =>
      URL.canParse(url) ? await api().dialects.preview(values.dialect, request, { signal }) : undefined,
    asked,
  );
  return (
    <aside class="card beside" aria-label={words.title}>
      <div class="card-head">
        <h2>{words.title}</h2>
      </div>
      <div class="panel">
        {read.value ? (
          <>
            <p class="soft">{words.note}</p>
            <HttpRequest request={withHeaders(read.value, values)} />
          </>
        ) : read.error === undefined ? (
          !URL.canParse(values.url) && <p class="soft">{words.waiting}</p>
        ) : (
          <p class="bad" role="status">
            {wordsOf(read.error)}
          </p>
        )}
      </div>
    </aside>
  );
}

interface Sample {
  type?: string;
  data?: unknown;
}

function sampleOf({ events }: FormValues, types: readonly KnownType[]): Sample {
  const known =
    types.find(({ type, category }) => events.includes(type) || events.includes(`@${category}`)) ?? types[0];
  const typed = events.find((pattern) => /^[\w.-]+$/.test(pattern));
  if (known && (typed === undefined || known.type === typed)) {
    return { type: known.type, ...(known.example !== undefined && { data: known.example }) };
  }
  return typed === undefined ? {} : { type: typed };
}

function requestOf(values: FormValues, sample: Sample, isSigned: boolean): PreviewRequest {
  const { url, alsoStandard, asymmetric, isOfProject, projectId } = values;
  return {
    ...sample,
    url,
    also_standard: alsoStandard,
    asymmetric_signing: asymmetric,
    ...(isSigned && { signing_secret: SAMPLE_SECRET }),
    ...(isOfProject && projectId && { project: { id: projectId } }),
  };
}

/** With those of the form: secrets are hidden, as everywhere. */
function withHeaders(request: RequestPreview, values: FormValues): RequestPreview {
  const own = (values.headers ?? [])
    .filter(([name]) => name !== '')
    .map(([name, value]) => [name.toLowerCase(), value]);
  return { ...request, headers: { ...request.headers, ...Object.fromEntries(own), ...authHeaderOf(values) } };
}

/** The text, once it has not changed for a moment. */
function useSettled(text: string): string {
  const [settled, settle] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => settle(text), WAIT_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
