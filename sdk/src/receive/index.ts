// What `@postrider/sdk/receive` exports.

export { type DialectName, type ReceivedDialect, type SignatureScheme, dialects } from './dialects.ts';
export { fetchHandler } from './fetch.ts';
export type { ReceivedHeaders, ReceivedMessage } from './message.ts';
export type { Handler, ReceiverOptions } from './receiver.ts';
export { type MemoryOptions, type SeenIds, once, seenInMemory } from './seen-ids.ts';
export { VerificationError, type VerificationErrorCode } from './verification-error.ts';
export { type Secrets, type VerifyOptions, type Webhook, verify } from './verify.ts';
