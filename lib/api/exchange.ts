import type { ApiKey } from '../ports/api-key-store.ts';

/** A key that was found, by whoever looked it up. */
export type AuthenticatedKey = Pick<ApiKey, 'id' | 'tenantId' | 'scopes'>;

/** A request that has been routed: by the local gateway, or by API Gateway. */
export interface ApiRequest {
  /** The path's parameters, decoded. */
  params: Record<string, string>;
  /** Decoded. A parameter that is given twice comes as one value, joined by a comma (as API Gateway does it). */
  query: Record<string, string>;
  /** By lower-case name. */
  headers: Record<string, string | undefined>;
  body: Uint8Array | string | undefined;
  /** The key that a gateway in front of us has looked up. It counts only where `authenticate` is told to trust it. */
  key?: AuthenticatedKey;
}

export interface ApiResponse {
  status: number;
  /** By lower-case name. */
  headers: Record<string, string>;
  body: string | undefined;
}
