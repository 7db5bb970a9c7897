// How a request shows the customer's server who sends it, besides its signature.

/** What a tenant gives: the values are secrets. */
export type EndpointAuth =
  | { type: 'bearer'; token: string }
  | { type: 'basic'; username: string; password: string }
  | { type: 'header'; name: string; value: string };

export type AuthType = EndpointAuth['type'];

/** The header that carries it, by lower-case name (RFC 6750, 2.1; RFC 7617, 2). */
export function authHeader(auth: EndpointAuth): { name: string; value: string } {
  switch (auth.type) {
    case 'bearer':
      return { name: 'authorization', value: `Bearer ${auth.token}` };
    case 'basic':
      return {
        name: 'authorization',
        value: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`,
      };
    case 'header':
      return { name: auth.name.toLowerCase(), value: auth.value };
  }
}
