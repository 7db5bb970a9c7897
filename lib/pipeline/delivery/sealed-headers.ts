import type { Endpoint, SealedAuth, SealedHeaders } from '../../domain/endpoint.ts';
import { type EndpointAuth, authHeader } from '../../domain/endpoint-auth.ts';
import type { SecretBox } from '../../ports/secret-box.ts';

type Owner = Pick<Endpoint, 'tenantId' | 'id'>;
type Values = Record<string, string>;

/** Another context than that of signing secrets, and one for each use: none opens in the place of another. */
function contextOf({ tenantId, id }: Owner, use: 'headers' | 'auth'): string {
  return `${tenantId}/${id}/${use}`;
}

/** @param headers by lower-case name. Together, because one text costs one step to open, however many there are */
export async function sealHeaders(box: SecretBox, endpoint: Owner, headers: Values): Promise<SealedHeaders> {
  const sealed = await box.seal(JSON.stringify(headers), contextOf(endpoint, 'headers'));
  return { names: Object.keys(headers), sealed };
}

export async function sealAuth(box: SecretBox, endpoint: Owner, auth: EndpointAuth): Promise<SealedAuth> {
  const { name, value } = authHeader(auth);
  return { type: auth.type, name, sealed: await box.seal(value, contextOf(endpoint, 'auth')) };
}

/** An endpoint's own, sealed with the newest key. */
export async function resealHeaders(
  box: SecretBox,
  endpoint: Owner & Pick<Endpoint, 'headers' | 'auth'>,
): Promise<Pick<Endpoint, 'headers' | 'auth'>> {
  const { headers, auth } = endpoint;
  const [own, value] = await Promise.all([
    headers && box.reseal(headers.sealed, contextOf(endpoint, 'headers')),
    auth && box.reseal(auth.sealed, contextOf(endpoint, 'auth')),
  ]);
  return {
    ...(headers && { headers: own === undefined ? headers : { ...headers, sealed: own } }),
    ...(auth && { auth: value === undefined ? auth : { ...auth, sealed: value } }),
  };
}

/** Those of an endpoint's own that each request has, by lower-case name; undefined: none. */
export async function openHeaders(
  box: SecretBox,
  endpoint: Owner & Pick<Endpoint, 'headers' | 'auth'>,
): Promise<Values | undefined> {
  const { headers, auth } = endpoint;
  if (!headers && !auth) return undefined;
  const [own, value] = await Promise.all([
    headers && box.open(headers.sealed, contextOf(endpoint, 'headers')),
    auth && box.open(auth.sealed, contextOf(endpoint, 'auth')),
  ]);
  return {
    ...(own !== undefined && (JSON.parse(own) as Values)),
    ...(auth && value !== undefined && { [auth.name]: value }),
  };
}
