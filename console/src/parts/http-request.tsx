import { t } from '../texts/index.ts';
import { Code, Copy } from './copy.tsx';

interface WrittenRequest {
  method: string;
  url: string;
  /** null: not to be shown. */
  headers: Readonly<Record<string, string | null>>;
  body: string;
}

/** A request as it goes over the wire: its line, its headers, its body. */
export function HttpRequest({ request }: { request: WrittenRequest }) {
  const { method, url, headers, body } = request;
  const { pathname, search, host } = new URL(url);
  const head = [`${method} ${pathname}${search}`, `host: ${host}`, ...lines(headers)];
  return (
    <div class="stack">
      <Code text={`${head.join('\n')}\n\n${pretty(body)}`} copied={body} label={t.request} />
      <span>
        <Copy text={curlOf(request)} label={t.copyCurl} />
      </span>
    </div>
  );
}

const lines = (headers: WrittenRequest['headers']) =>
  Object.entries(headers).map(([name, value]) => `${name}: ${value ?? t.hiddenValue}`);

/** For the eye; what is copied, and what is signed, are the bytes as they are. */
function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}

function curlOf({ url, headers, body }: WrittenRequest): string {
  const set = lines(headers).map((line) => `  -H ${quoted(line)}`);
  return [`curl ${quoted(url)}`, ...set, `  --data-raw ${quoted(body)}`].join(' \\\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
