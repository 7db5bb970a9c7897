import type { Credentials } from '../auth/authenticate.ts';

/** A request that has been routed: by the local gateway, or by API Gateway. */
export interface ApiRequest extends Credentials {
  /** The path's parameters, decoded. */
  params: Record<string, string>;
  /** Decoded. What is said of a repeated parameter does not count. */
  query: Record<string, string>;
  /** The parameters that were given more than once: API Gateway joins their values, so that they look like one. */
  repeated?: readonly string[];
  body: Uint8Array | string | undefined;
  /** The IP address that it came from. */
  address?: string;
  /** Reads the body, of a gateway that has not done so yet: it is called once the key is known, if at all. */
  readBody?: () => Promise<Uint8Array>;
  /** The id that a gateway in front of us has given it. */
  requestId?: string;
}

export interface ApiResponse {
  status: number;
  /** By lower-case name. */
  headers: Record<string, string>;
  body: string | undefined;
}
