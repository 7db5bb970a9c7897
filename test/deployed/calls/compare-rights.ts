import type { NotedCall } from './call-ledger.ts';
import type { Right } from './template-rights.ts';
import { reasonToKeep } from './unused-rights.ts';

/** The calls that AWS would refuse, each as a sentence. */
export function callsWithoutRight(calls: readonly NotedCall[], rights: readonly Right[]): string[] {
  return calls
    .filter((call) => !rights.some((right) => allows(right, call)))
    .map(({ functionName, action, resource }) => `${functionName} calls ${action} on ${resource} without a right`);
}

/** The rights that nothing used and no reason keeps, each as a sentence. */
export function rightsWithoutCall(calls: readonly NotedCall[], rights: readonly Right[]): string[] {
  return rights
    .filter((right) => !calls.some((call) => covers(right, call)) && reasonToKeep(right) === undefined)
    .map(({ functionName, action, resource }) => `${functionName} may ${action} on ${resource} and never did`);
}

function allows(right: Right, call: NotedCall): boolean {
  const { leadingKeys: patterns } = right;
  if (!covers(right, call)) return false;
  return !patterns || (call.leadingKeys ?? []).every((key) => patterns.some((pattern) => matches(key, pattern)));
}

function covers(right: Right, call: NotedCall): boolean {
  return (
    right.functionName === call.functionName &&
    matches(call.action, right.action) &&
    matches(call.resource, right.resource)
  );
}

/** As IAM matches: `*` stands for any text. */
function matches(text: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}
