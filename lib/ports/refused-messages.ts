/** A message of a source that can't be an event, and why. */
export interface RefusedMessage {
  /** The name of the source. */
  source: string;
  /** The source's own id of the message. */
  messageId: string;
  /** As it came. */
  body: string;
  /** Why: the code of the refusal (lib/domain/errors.ts), or `unexpected`. */
  code: string;
  /** A sentence: what to correct. */
  why: string;
}

/** Where they are kept for an operator to look at, correct and bring back. */
export interface RefusedMessages {
  /** It resolves once the message is kept. @throws ServiceFault when it may not have been; keeping it again is safe */
  put(message: RefusedMessage): Promise<void>;
}
