import { dialectNames, reservedHeaders } from '../../../dialects/index.ts';
import { type EndpointAuth, authHeader } from '../../../domain/endpoint-auth.ts';
import { checkHeaders } from '../../../domain/header-policy.ts';
import { checkUrl } from '../../../domain/url-policy.ts';
import type { ApiSettings } from '../../api-settings.ts';
import { type FieldError, InvalidRequest } from '../../http/invalid-request.ts';

interface EndpointFields {
  kind?: 'push' | 'poll' | undefined;
  url?: string | undefined;
  dialect?: string | undefined;
  headers?: Record<string, string> | undefined;
  auth?: EndpointAuth | null | undefined;
}

/**
 * What a schema can't know: which URLs, headers and dialects this deployment allows.
 * @returns the headers, by lower-case name
 * @throws InvalidRequest of the body
 */
export function checkEndpoint(
  { url, dialect, headers, auth }: EndpointFields,
  settings: ApiSettings,
): { headers?: Record<string, string> } {
  const errors = [
    ...fieldError('url', url === undefined ? undefined : urlProblem(url, settings)),
    ...fieldError('dialect', dialect === undefined ? undefined : dialectProblem(dialect)),
    ...fieldError('headers', headers && checkHeaders(headers, reservedHeaders())),
    ...fieldError('auth', auth ? authProblem(auth, headers) : undefined),
  ];
  if (errors.length > 0) throw new InvalidRequest('body', errors);
  return headers ? { headers: lowerCaseNames(headers) } : {};
}

function fieldError(field: string, problem: string | undefined): FieldError[] {
  return problem === undefined ? [] : [{ field, message: `\`${field}\`: ${problem}` }];
}

/** What a poll endpoint has no use for: nothing is sent to it. */
const OF_PUSH = ['url', 'retry', 'rate_limit_per_second', 'circuit_breaker', 'auto_resume'] as const;

/**
 * Has a new endpoint what its kind needs, and nothing that its kind has no use for?
 * @throws InvalidRequest of the body
 */
export function checkKind(body: EndpointFields & Partial<Record<(typeof OF_PUSH)[number], unknown>>): void {
  const isPoll = body.kind === 'poll';
  const useless = isPoll ? OF_PUSH.filter((field) => body[field] !== undefined) : [];
  const errors = [
    ...useless.flatMap((field) => fieldError(field, 'Leave it off: nothing is sent to an endpoint of `kind: poll`.')),
    ...(isPoll || body.url !== undefined ? [] : fieldError('url', 'Give the URL that deliveries are sent to.')),
  ];
  if (errors.length > 0) throw new InvalidRequest('body', errors);
}

/** {@link checkEndpoint} of a URL alone, under the name that it has in another API. @throws InvalidRequest of the body */
export function checkUrlField(field: string, url: string, settings: ApiSettings): void {
  const errors = fieldError(field, urlProblem(url, settings));
  if (errors.length > 0) throw new InvalidRequest('body', errors);
}

function urlProblem(url: string, settings: ApiSettings): string | undefined {
  const check = checkUrl(url, settings);
  return check.ok ? undefined : check.problem;
}

function dialectProblem(dialect: string): string | undefined {
  return dialectNames().includes(dialect) ? undefined : `Use one of ${dialectNames().join(', ')}.`;
}

function authProblem(auth: EndpointAuth, headers: Record<string, string> = {}): string | undefined {
  const { name, value } = authHeader(auth);
  if (Object.keys(headers).some((other) => other.toLowerCase() === name)) {
    return `Give the header ${name} in \`headers\` or in \`auth\`, not in both.`;
  }
  return checkHeaders({ [name]: value }, reservedHeaders());
}

function lowerCaseNames(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
