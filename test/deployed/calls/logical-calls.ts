import type { NotedCall } from './call-ledger.ts';
import type { PhysicalIds, Template } from './template-rights.ts';

/** For the rights of a template by itself: each resource is named by its logical id. */
export function logicalIds({ Resources }: Template): PhysicalIds {
  return Object.fromEntries(Object.keys(Resources).map((id) => [id, id]));
}

/** Calls of a stack's own functions, all by logical ids, so that those of other stacks of one template are the same. */
export function byLogicalIds(calls: readonly NotedCall[], physicalIds: PhysicalIds): NotedCall[] {
  const ids = new Map(Object.entries(physicalIds).map(([logical, physical]) => [lastPart(physical), logical]));
  return calls.flatMap((call) => {
    const functionName = ids.get(call.functionName);
    const resource = call.resource.replaceAll(/[^:/]+/g, (part) => ids.get(part) ?? part);
    return functionName === undefined ? [] : [{ ...call, functionName, resource }];
  });
}

/**
 * What ingest called, as calls of the function of sources: it posts with ingest's code, and test/infra/sources.test.ts
 * holds its rights equal to ingest's.
 */
export function asSource(calls: readonly NotedCall[], { Resources }: Template): NotedCall[] {
  const functionOf = (stage: string) => Object.keys(Resources).find((id) => id.startsWith(`Postrider${stage}Function`));
  const [ingest, source] = [functionOf('Ingest'), functionOf('Source')];
  if (source === undefined) return [];
  return calls.filter(({ functionName }) => functionName === ingest).map((call) => ({ ...call, functionName: source }));
}

/** A queue is known by its URL, which ends with its name. */
const lastPart = (physicalId: string) => physicalId.slice(physicalId.lastIndexOf('/') + 1);
