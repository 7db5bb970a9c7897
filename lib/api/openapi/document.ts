import { FACADES, type Facade } from '../facades/facades.ts';
import { KEY_HEADERS } from '../facades/key-headers.ts';
import { problem } from '../http/problem-schema.ts';
import type { Route } from '../route.ts';
import { routes } from '../routes.ts';
import { EXAMPLE_IDS } from '../schemas/ids.ts';
import { HEADERS } from './headers.ts';
import { type Json, type SchemaWriter, createSchemaWriter } from './json-schema.ts';
import { operation, securityScheme, tagOf } from './operation.ts';

/**
 * The API as an OpenAPI 3.1 document, made from the table of routes and the schemas that validate.
 * @param facades those that are switched on; default all
 */
export function openApi(facades: readonly Facade[] = FACADES) {
  const schemas = createSchemaWriter();
  const described = routes.filter(({ facade }) => facade === undefined || facades.includes(facade));
  const paths = describePaths(described, schemas);
  const failure = { schema: schemas.write(problem, 'output') };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Postrider',
      version: '1',
      description:
        'Post an event; it is signed and sent to every endpoint that subscribed to it. Platform keys name the tenant in the header `Postrider-Tenant`. An `X-Request-Id` of yours (1 to 128 letters, digits and `._:/+=@-`) names the request in its answer and in the log.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The service that serves this document.' }],
    tags: tags(described),
    paths,
    components: {
      schemas: schemas.components(),
      parameters: {
        Tenant: {
          name: 'Postrider-Tenant',
          in: 'header',
          required: false,
          description:
            'Whose data the call is about; for platform keys only. 1 to 128 printable characters, other than `.` and `..`; `%` and what is not ASCII are percent-encoded as UTF-8 (`müller` is `m%C3%BCller`). The default is `default`.',
          schema: {
            type: 'string',
            pattern: '^(?:[\\x20-\\x24\\x26-\\x7e]|%[0-9A-Fa-f]{2})+$',
            examples: [EXAMPLE_IDS.tenant],
          },
        },
        SecondFactor: {
          name: 'Postrider-MFA',
          in: 'header',
          required: false,
          description:
            'A code of the second factor, or a recovery code: needed where the key’s owner has one, unless the key has stepped up. Each is good once.',
          schema: { type: 'string', pattern: '^[0-9A-Za-z -]{1,64}$', examples: ['492039'] },
        },
      },
      headers: HEADERS,
      responses: {
        Failure: {
          description: 'The service failed or is overloaded: send the same request again later.',
          headers: Object.fromEntries(
            ['X-Request-Id', 'Retry-After'].map((name) => [name, { $ref: `#/components/headers/${name}` }]),
          ),
          content: { 'application/problem+json': failure },
        },
      },
      securitySchemes: securitySchemes(described),
    },
  };
}

const TAGS: Readonly<Record<string, string>> = {
  endpoints: 'The URLs that customers registered.',
  polls: 'The consumers of endpoints that are polled instead of sent to.',
  dialects: 'What the receivers see: body, headers, signature and retries of each platform.',
  filters: 'What the data of an event has to be for an endpoint to get it.',
  'event-types': 'What events mean, for people and for the check of their data.',
  events: 'What happened, and is sent to the endpoints that subscribed to it.',
  deliveries: 'One event on its way to one endpoint.',
  jobs: 'Bulk work in the background.',
  retries: 'The deliveries that wait for their next attempt.',
  usage: 'What a tenant used, by day.',
  stats: 'Outcomes and durations in steps of time, for charts.',
  brake: 'The switch that stops all sending, or that of one tenant.',
  tenants: 'The customers of the platform, and what it has set for each.',
  ops: 'What an operator asks across all tenants.',
  'alert-mail': 'Where a tenant’s alerts are mailed.',
  'api-keys': 'Who may call this API.',
  mfa: 'The second factor that sensitive calls ask for.',
  'audit-log': 'Who changed what.',
  portal: 'The sessions of people in the console.',
  veriswarm:
    'VeriSwarm’s management API, for customers who know it: the same endpoints and deliveries, with numbers as ids.',
  ventryx: 'Ventryx’s management API, for customers who know it: the same endpoints.',
  account: 'The service itself.',
};

/** Of the ways to send a key, those that some operation has. */
function securitySchemes(described: readonly Route[]): Json {
  const own = {
    apiKey: {
      type: 'http',
      scheme: 'bearer',
      description: 'An API key: `prk_…`; or what stands in its place: the token of a session, `prs_…`.',
    },
  };
  const others = KEY_HEADERS.filter(({ base }) => described.some(({ path }) => path === base));
  const inHeader = others.map(({ header }) => [
    securityScheme(header),
    { type: 'apiKey', in: 'header', name: header, description: 'The same API key, alone: `prk_…`.' },
  ]);
  return { ...own, ...Object.fromEntries(inHeader) };
}

function tags(described: readonly Route[]): Json[] {
  return [...new Set(described.map(tagOf))].map((name) => ({ name, description: TAGS[name] }));
}

function describePaths(described: readonly Route[], schemas: SchemaWriter): Record<string, Json> {
  const paths: Record<string, Json> = {};
  for (const route of described) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route, schemas) };
  }
  return paths;
}
