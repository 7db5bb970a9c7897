/**
 * Why a request was not accepted:
 *
 * - `missing-header`: it is no webhook of this dialect, or something on the way took a header off.
 * - `malformed-header`: a header does not say what the dialect says there.
 * - `too-old`, `too-new`: it was sent outside the tolerance: somebody repeats it, or a clock is wrong.
 * - `wrong-signature`: no secret made any of its signatures: another secret, or the body was changed on the way.
 * - `invalid-body`: it is genuine, and its body is not what the dialect sends.
 * - `too-large`: its body is larger than the receiver takes.
 */
export type VerificationErrorCode =
  'missing-header' | 'malformed-header' | 'too-old' | 'too-new' | 'wrong-signature' | 'invalid-body' | 'too-large';

/** The request is not accepted. It is the sender's fault; what is wrong with the receiver is a `TypeError`. */
export class VerificationError extends Error {
  override name = 'VerificationError';
  /** For programs; it stays the same. */
  readonly code: VerificationErrorCode;

  constructor(code: VerificationErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
