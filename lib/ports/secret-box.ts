/** Encrypts secrets at rest: a data key wrapped by KMS, or a key file locally. */
export interface SecretBox {
  /** @param context bound to the ciphertext (`tenant/endpoint`): it opens under the same context only */
  seal(plaintext: string, context: string): Promise<string>;
  /** @throws Error when the text was not sealed by this box under this context */
  open(sealed: string, context: string): Promise<string>;
  /**
   * The same secret, sealed with the newest key; undefined: it is.
   * @throws Error as `open`
   */
  reseal(sealed: string, context: string): Promise<string | undefined>;
}
