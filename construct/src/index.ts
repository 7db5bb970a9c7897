// The package's surface: the construct, a stack that has it and nothing else, and the types of their properties.

export { Postrider } from '../../lib/infra/postrider.ts';
export type { PostriderProps } from '../../lib/infra/postrider-props.ts';
export { PostriderStack } from '../../lib/infra/postrider-stack.ts';
export type { AlertMailProps } from '../../lib/infra/alert-mail.ts';
export type { ConsoleProps } from '../../lib/infra/console.ts';
export type { EgressProps } from '../../lib/infra/egress.ts';
export type { MaximumConcurrency, ReservedConcurrency } from '../../lib/infra/concurrency.ts';
export type { Memory } from '../../lib/infra/memory.ts';
export type { Throttling } from '../../lib/infra/api.ts';
