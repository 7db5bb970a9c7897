import { Duration } from 'aws-cdk-lib';
import { CorsHttpMethod, type CorsPreflightOptions } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Facade } from '../api/facades/facades.ts';
import { KEY_HEADERS } from '../api/facades/key-headers.ts';
import { HEADERS } from '../api/openapi/headers.ts';
import { routes } from '../api/routes.ts';

/** Headers of requests that the API reads. */
const READ = [
  'authorization',
  'content-type',
  'idempotency-key',
  'if-match',
  'postrider-mfa',
  'postrider-tenant',
  'x-request-id',
];
const ORIGIN = /^(?:https:\/\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|http:\/\/(?:localhost|127\.0\.0\.1))(?::\d{1,5})?$/;

/**
 * Which pages may call the API from a browser. It has no cookies, so no credentials are allowed: a page sends a key or a
 * session's token itself.
 * @throws RangeError for what is no origin; `*` is none, since whoever's pages call is known
 */
export function corsOf(origins: readonly string[], facades: readonly Facade[]): CorsPreflightOptions | undefined {
  if (origins.length === 0) return undefined;
  const wrong = origins.find((origin) => !ORIGIN.test(origin));
  if (wrong !== undefined) {
    throw new RangeError(`corsOrigins: ${JSON.stringify(wrong)} must be an origin such as https://app.example.com`);
  }
  const served = routes.filter(({ facade }) => facade === undefined || facades.includes(facade));
  const keyHeaders = KEY_HEADERS.filter(({ base }) => served.some(({ path }) => path.startsWith(base)));
  return {
    allowOrigins: [...origins],
    allowMethods: [...new Set(served.map(({ method }) => CorsHttpMethod[method]))],
    allowHeaders: [...READ, ...keyHeaders.map(({ header }) => header)],
    exposeHeaders: Object.keys(HEADERS).map((name) => name.toLowerCase()),
    maxAge: Duration.hours(1),
  };
}
