// What `@postrider/sdk` exports.

export type * from './api-types.ts';
export { headersOf } from './answers.ts';
export { type BatcherOptions, EventBatcher } from './batches/event-batcher.ts';
export type { BatchOptions, EventOutcome, PostedEvent } from './batches/post-all.ts';
export {
  ApiError,
  ConnectionError,
  type KnownProblemCode,
  PostriderError,
  type ProblemCode,
  TimeoutError,
  isApiError,
} from './errors.ts';
export { List, type Page } from './list.ts';
export { Postrider } from './postrider.ts';
export type { OfPlatformOptions } from './resources/event-types.ts';
export type { TypedEvent } from './resources/events.ts';
export type { WaitOptions } from './resources/jobs.ts';
export type { ConsumeOptions } from './resources/polls.ts';
export type { BrakeOptions } from './resources/platform.ts';
export type {
  AnyOptions,
  Call,
  CallOptions,
  ChangeOptions,
  KeyedOptions,
  PostriderOptions,
  SecondFactorOptions,
} from './transport.ts';
