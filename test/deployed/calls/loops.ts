import { MAX_CALLS_IN_A_CHAIN } from './message-chains.ts';
import type { PhysicalIds, Template } from './template-rights.ts';

/**
 * The functions that Lambda would stop: they were called more than 16 times in a chain, and the template does not say
 * that this is meant (`RecursiveLoop: Allow`).
 * @param longest calls of each function in its longest chain, by the function's name
 */
export function loopsNotAllowed(
  longest: Readonly<Record<string, number>>,
  { Resources }: Template,
  physicalIds: PhysicalIds,
): string[] {
  const marked = Object.entries(Resources).filter(
    ([, { Type, Properties }]) => Type === 'AWS::Lambda::Function' && Properties.RecursiveLoop === 'Allow',
  );
  const allowed = new Set(marked.map(([id]) => physicalIds[id]));
  return Object.entries(longest)
    .filter(([name, calls]) => calls > MAX_CALLS_IN_A_CHAIN && !allowed.has(name))
    .map(([name, calls]) => `${name} was called ${calls} times in a chain, and Lambda stops it after 16`);
}
