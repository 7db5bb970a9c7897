/**
 * The wrapped data keys of a deployment, one for each period, which its processes share. A lost one costs a new one and no
 * secret: each sealed text carries its own.
 */
export interface DataKeyStore {
  /** @returns the wrapped key in base64url; undefined while there is none */
  find(period: string): Promise<string | undefined>;
  /** @returns the key that the period has now: this one, or the one that another process was first to keep */
  keepUnlessThere(period: string, wrapped: string): Promise<string>;
}
