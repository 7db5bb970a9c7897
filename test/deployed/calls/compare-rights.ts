import type { NotedCall } from './call-ledger.ts';
import { type CallContext, LEADING_KEYS } from './iam-call.ts';
import type { RightName } from './rights-of-lambda.ts';
import type { Condition, Right } from './template-rights.ts';

/** The calls that AWS would refuse, each as a sentence. */
export function callsWithoutRight(calls: readonly NotedCall[], rights: readonly Right[]): string[] {
  return calls.flatMap((call) => {
    const { functionName, action, resource } = call;
    const own = rights.filter((right) => covers(right, call));
    const refused = call.contexts.find((context) => !own.some((right) => isFor(right, context)));
    if (!refused) return [];
    const values = Object.values(refused).flat();
    const about = values.length > 0 ? ` for ${values.join(', ')}` : '';
    return [`${functionName} calls ${action} on ${resource}${about} without a right`];
  });
}

/** The rights that neither a call nor Lambda itself used, each as a sentence. */
export function rightsWithoutCall(
  calls: readonly NotedCall[],
  rights: readonly Right[],
  ofLambda: ReadonlySet<RightName> = new Set(),
): string[] {
  const unused = rights
    .filter(
      (right) => !calls.some((call) => covers(right, call) && call.contexts.some((context) => isFor(right, context))),
    )
    .filter(({ functionName, action, resource }) => !ofLambda.has(`${functionName} ${action} ${resource}`))
    .map(({ functionName, action, resource }) => `${functionName} may ${action} on ${resource} and never did`);
  return [...unused, ...partitionsWithoutCall(calls, rights)];
}

/** The partitions that a function may call on, and that none of its calls was about. */
function partitionsWithoutCall(calls: readonly NotedCall[], rights: readonly Right[]): string[] {
  const unused = rights.flatMap(({ functionName, resource, conditions }) => {
    const own = calls.filter((call) => call.functionName === functionName && matches(call.resource, resource));
    const keys = own.flatMap(({ contexts }) => contexts.flatMap((context) => context[LEADING_KEYS] ?? []));
    const patterns = conditions.filter(({ key }) => key === LEADING_KEYS).flatMap((condition) => condition.patterns);
    return patterns
      .filter((pattern) => !keys.some((key) => matches(key, pattern)))
      .map((pattern) => `${functionName} may call on the partitions ${pattern} of ${resource} and never did`);
  });
  return [...new Set(unused)];
}

function isFor({ conditions }: Right, context: CallContext): boolean {
  return conditions.every((condition) => isMet(condition, context));
}

/** `ForAllValues` is met by a request without the key, too; of the others here none is. */
function isMet({ ofAllValues, key, patterns, isLike }: Condition, context: CallContext): boolean {
  const values = context[key] ?? [];
  const fits = (one: string) => patterns.some((pattern) => (isLike ? matches(one, pattern) : one === pattern));
  return (ofAllValues || values.length > 0) && values.every(fits);
}

function covers(right: Right, call: NotedCall): boolean {
  return (
    right.functionName === call.functionName && call.action === right.action && matches(call.resource, right.resource)
  );
}

/** As IAM matches: `*` stands for any text, line feeds too, and `?` for any one character. */
function matches(text: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('?', '.'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}
