import type { EventType } from '@postrider/sdk';
import { useLoad } from '../../data/load.ts';
import { Code } from '../../parts/copy.tsx';
import { HttpRequest } from '../../parts/http-request.tsx';
import { Link } from '../../parts/link.tsx';
import { Shown } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { type ScreenProps, hrefTo } from '../../router/place.ts';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import { useDialect } from './dialect.ts';
import { Verify } from './verify.tsx';

const words = t.catalogue;

/** One event type: what its data is, what arrives, and how to verify that. */
export function Screen({ params: { type = '' } }: ScreenProps) {
  const read = useLoad((signal) => api().eventTypes.get(type, { signal }), type);
  const category = read.value?.category;
  return (
    <Page
      title={type}
      crumbs={
        <>
          <Link href={hrefTo('/event-types')}>{words.title}</Link>
          {category && <span>/ {category}</span>}
        </>
      }
      beside={read.value?.deprecated && <span class="pill">{words.deprecated}</span>}
    >
      <Shown of={read}>{(eventType) => <Body eventType={eventType} />}</Shown>
    </Page>
  );
}

function Body({ eventType }: { eventType: EventType }) {
  const { description, deprecated, schema, example } = eventType;
  const dialect = useDialect();
  const tabs = [
    ['request', words.tabs.request],
    ['example', words.tabs.example],
    ['schema', words.tabs.schema],
  ] as const;
  return (
    <div class="stack">
      <p class="soft readable">{deprecated ? words.deprecatedLead : description || words.noDescription}</p>
      <Tabs tabs={tabs}>
        {(name) => {
          if (name === 'request') return <Arrives eventType={eventType} dialect={dialect.chosen} />;
          return name === 'example' ? (
            <Json value={example} none={words.noExample} label={words.tabs.example} />
          ) : (
            <Json value={schema} none={words.noSchema} label={words.tabs.schema} />
          );
        }}
      </Tabs>
      <Verify {...dialect} />
    </div>
  );
}

/** The exact request, as the service makes it. Nothing is sent. */
function Arrives({ eventType: { type, example }, dialect }: { eventType: EventType; dialect: string }) {
  const event = { type, ...(example !== null && { data: example }) };
  const preview = useLoad((signal) => api().dialects.preview(dialect, event, { signal }), `${type} ${dialect}`);
  return <Shown of={preview}>{(request) => <HttpRequest request={request} />}</Shown>;
}

function Json({ value, none, label }: { value: unknown; none: string; label: string }) {
  if (value === null || value === undefined) return <p class="soft">{none}</p>;
  return <Code text={JSON.stringify(value, undefined, 2)} label={label} />;
}
