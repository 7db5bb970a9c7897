import type { Dialect } from '@postrider/sdk';
import { api } from '../session/session.ts';
import { type Loaded, useLoad } from './load.ts';

/** An event type that a customer can subscribe to: of the tenant's catalogue, or of the platform's. */
export interface KnownType {
  type: string;
  description: string;
  category: string | undefined;
  isDeprecated: boolean;
  /** An example of its data; undefined: there is none. */
  example: unknown;
  /** Of the body that the dialect `standard` sends. */
  schema: unknown;
}

interface WebhookOperation {
  summary?: string;
  tags?: readonly string[];
  deprecated?: boolean;
  requestBody?: { content?: { 'application/json'?: { schema?: unknown; example?: { data?: unknown } } } };
}

/** Both catalogues as one, by type: the document of webhooks is where a customer sees the platform's, too. */
export function useCatalogue(): Loaded<readonly KnownType[]> {
  return useLoad(readCatalogue, 'catalogue');
}

/** What a platform documents, for a tenant without a catalogue. Its categories are none that can be subscribed to. */
export function documentedTypes(dialect: Dialect | undefined): readonly KnownType[] {
  return (dialect?.event_types ?? []).map(({ type, shown_as, description }) => ({
    type: shown_as ?? type,
    description,
    category: undefined,
    isDeprecated: false,
    example: undefined,
    schema: undefined,
  }));
}

async function readCatalogue(signal: AbortSignal): Promise<readonly KnownType[]> {
  const document = await api().eventTypes.openApi({ signal });
  const webhooks = (document['webhooks'] ?? {}) as Readonly<Record<string, { post?: WebhookOperation }>>;
  return Object.entries(webhooks).map(([type, { post = {} }]) => {
    const json = post.requestBody?.content?.['application/json'];
    return {
      type,
      description: post.summary ?? '',
      category: post.tags?.[0],
      isDeprecated: post.deprecated ?? false,
      example: json?.example?.data,
      schema: json?.schema,
    };
  });
}
