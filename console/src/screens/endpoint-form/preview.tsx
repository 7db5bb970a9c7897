import { useEffect, useState } from 'preact/hooks';
import type { RequestPreview } from '@postrider/sdk';
import type { KnownType } from '../../data/catalogue.ts';
import { useLoad } from '../../data/load.ts';
import { wordsOf } from '../../parts/error-box.tsx';
import { HttpRequest } from '../../parts/http-request.tsx';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import { type FormValues, authHeaderOf } from './values.ts';

const words = t.endpointForm.preview;
const WAIT_MS = 300;
/** The one that is typed is not sent before it is submitted. */
const SAMPLE_SECRET = 'a-secret-of-your-own';
/** Until one is typed: what requests look like is worth seeing before. */
const SAMPLE_URL = 'https://example.com/webhooks';

/** The exact request for an event of the chosen types, as the form is now. */
export function Preview({ values: typed, types }: { values: FormValues; types: readonly KnownType[] }) {
  const values = { ...typed, url: typed.url || SAMPLE_URL };
  const sample = sampleOf(values, types);
  const { dialect, url, alsoStandard, hmac, projectId } = values;
  const asked = useSettled(JSON.stringify([dialect, url, alsoStandard, hmac, projectId, sample]));
  const read = useLoad(async (signal) => (URL.canParse(url) ? preview(values, sample, signal) : undefined), asked);
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

function preview(values: FormValues, sample: Sample, signal: AbortSignal): Promise<RequestPreview> {
  const { dialect, url, alsoStandard, hmac, isOfProject, projectId } = values;
  return api().dialects.preview(
    dialect,
    {
      ...sample,
      url,
      also_standard: alsoStandard,
      ...(hmac && { signing_secret: SAMPLE_SECRET }),
      ...(isOfProject && projectId && { project: { id: projectId } }),
    },
    { signal },
  );
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
