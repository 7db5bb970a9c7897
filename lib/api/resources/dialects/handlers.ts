import type * as z from 'zod';
import type { Dialect } from '../../../dialects/dialect.ts';
import { dialectNames, dialectNamed } from '../../../dialects/index.ts';
import { previewOf } from '../../../pipeline/preview.ts';
import type { HandlersOf } from '../../handler.ts';
import { checkEndpoint } from '../endpoints/policy.ts';
import { postedEvent } from '../events/posted-event.ts';
import type { dialectRoutes } from './routes.ts';
import type { DialectJson, previewRequest } from './schemas.ts';

const SAMPLE_URL = 'https://example.com/webhooks';
const SAMPLE_TYPE = 'task.completed';
const SAMPLE_DATA = { id: 'example-1', title: 'An example', status: 'done', url: 'https://example.com/examples/1' };

export const dialectHandlers: HandlersOf<typeof dialectRoutes, 'account', 'clock' | 'random'> = {
  'dialects.list': async () => ({ data: dialectNames().map(dialectJson) }),

  'dialects.preview': async ({ params, body }, { ports, settings, tenantId }) => {
    const url = body.url ?? SAMPLE_URL;
    checkEndpoint({ url }, settings);
    const { rendered, ...preview } = await previewOf(ports, {
      tenantId,
      event: postedEvent(sampleEvent(params.name, body), settings.maxBodyBytes),
      url,
      dialect: params.name,
      alsoStandard: body.also_standard ?? false,
      asymmetricSigning: body.asymmetric_signing ?? false,
      ...(body.signing_secret !== undefined && { signingSecret: body.signing_secret }),
    });
    return {
      dialect: preview.dialect,
      method: 'POST',
      url,
      headers: rendered.headers,
      body: Buffer.from(rendered.body).toString('utf8'),
      signing_secret: preview.signingSecret,
      ...(preview.standardSecret !== undefined && { standard_signing_secret: preview.standardSecret }),
    };
  },
};

/** Of the dialect's first documented type, unless the caller says otherwise. */
function sampleEvent(name: string, body: z.output<typeof previewRequest>) {
  const [category] = dialectNamed(name).catalogue;
  const { type = category?.events[0]?.type ?? SAMPLE_TYPE, data = SAMPLE_DATA, ...rest } = body;
  return { ...rest, type, data };
}

function dialectJson(name: string): DialectJson {
  const dialect = dialectNamed(name);
  const { retryDelays, breaker, catalogue } = dialect;
  return {
    name,
    retry_delays: [...retryDelays],
    circuit_breaker: breaker.on,
    auto_resume: breaker.autoResume,
    signature: signatureOf(dialect),
    signature_overlap: dialect.signsWithAllSecrets ?? false,
    event_types: catalogue.flatMap(({ category, events }) =>
      events.map(({ type, description, alias }) => ({
        type,
        category,
        description,
        ...(alias !== undefined && { shown_as: alias }),
      })),
    ),
  };
}

function signatureOf({ unsigned, signsOnlyOwnSecrets }: Dialect): DialectJson['signature'] {
  if (unsigned) return 'never';
  return signsOnlyOwnSecrets ? 'own_secret' : 'always';
}
