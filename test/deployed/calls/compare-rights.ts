import type { NotedCall } from './call-ledger.ts';
import type { Right } from './template-rights.ts';
import { reasonToKeep } from './unused-rights.ts';

/** The calls that AWS would refuse, each as a sentence. */
export function callsWithoutRight(calls: readonly NotedCall[], rights: readonly Right[]): string[] {
  return calls.flatMap((call) => {
    const { functionName, action, resource } = call;
    const own = rights.filter((right) => covers(right, call));
    const refused = requestsOf(call).find((keys) => !own.some((right) => isFor(right, keys)));
    if (!refused) return [];
    const keys = refused.length > 0 ? ` for ${refused.join(', ')}` : '';
    return [`${functionName} calls ${action} on ${resource}${keys} without a right`];
  });
}

/** The rights that nothing used and no reason keeps, each as a sentence. */
export function rightsWithoutCall(calls: readonly NotedCall[], rights: readonly Right[]): string[] {
  const unused = rights
    .filter(
      (right) => !calls.some((call) => covers(right, call) && requestsOf(call).some((keys) => isFor(right, keys))),
    )
    .filter((right) => reasonToKeep(right) === undefined)
    .map(({ functionName, action, resource }) => `${functionName} may ${action} on ${resource} and never did`);
  return [...unused, ...partitionsWithoutCall(calls, rights)];
}

/** The partitions that a function may call on, and that none of its calls was about. */
function partitionsWithoutCall(calls: readonly NotedCall[], rights: readonly Right[]): string[] {
  const unused = rights.flatMap(({ functionName, resource, leadingKeys: patterns = [] }) => {
    const own = calls.filter((call) => call.functionName === functionName && matches(call.resource, resource));
    const keys = own.flatMap(requestsOf).flat();
    return patterns
      .filter((pattern) => !keys.some((key) => matches(key, pattern)))
      .map((pattern) => `${functionName} may call on the partitions ${pattern} of ${resource} and never did`);
  });
  return [...new Set(unused)];
}

/** The leading keys of each request that was noted; those of another service have none. */
const requestsOf = ({ leadingKeys }: NotedCall): readonly string[][] => leadingKeys ?? [[]];

function isFor({ leadingKeys: patterns }: Right, keys: readonly string[]): boolean {
  return !patterns || keys.every((key) => patterns.some((pattern) => matches(key, pattern)));
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
