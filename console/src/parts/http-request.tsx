import type { RequestPreview } from '@postrider/sdk';
import { t } from '../texts/index.ts';
import { Code, Copy } from './copy.tsx';

/** A request as it goes over the wire: its line, its headers, its body. */
export function HttpRequest({ request }: { request: RequestPreview }) {
  const { method, url, headers, body } = request;
  const { pathname, search, host } = new URL(url);
  const head = [
    `${method} ${pathname}${search}`,
    `host: ${host}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return (
    <div class="stack">
      <Code text={`${head.join('\n')}\n\n${pretty(body)}`} copied={body} label={t.request} />
      <span>
        <Copy text={curlOf(request)} label={t.copyCurl} />
      </span>
    </div>
  );
}

/** For the eye; what is copied, and what is signed, are the bytes as they are. */
function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}

function curlOf({ url, headers, body }: RequestPreview): string {
  const lines = Object.entries(headers).map(([name, value]) => `  -H ${quoted(`${name}: ${value}`)}`);
  return [`curl ${quoted(url)}`, ...lines, `  --data-raw ${quoted(body)}`].join(' \\\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
