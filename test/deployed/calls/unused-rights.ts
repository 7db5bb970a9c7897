import type { Right } from './template-rights.ts';

interface Kept {
  actions: readonly string[];
  /** By its logical id. Absent: of every function. */
  ofFunction?: RegExp;
  /** Absent: on every resource. */
  on?: RegExp;
  reason: string;
}

/** Rights that no function of ours calls by itself, and why they stay. */
const KEPT: readonly Kept[] = [
  {
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    reason: 'Lambda writes the lines that a function prints, in its role.',
  },
  {
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    ofFunction: /^Postrider(Dispatch|Jobs|Source)/,
    reason: 'The event source receives and deletes, in the role of its function.',
  },
];

/** Why a right stays though nothing calls it; undefined where nothing says so. */
export function reasonToKeep({ functionName, action, resource }: Right): string | undefined {
  return KEPT.find(
    ({ actions, ofFunction, on }) =>
      actions.includes(action) && (ofFunction?.test(functionName) ?? true) && (on?.test(resource) ?? true),
  )?.reason;
}
