import type { Ports } from '../../lib/ports/ports.ts';

/**
 * The ports of a function that needs few of them, and so loads no others. A port that is used without being there says
 * so by its name: a function was given too little, which its own tests show.
 */
export function onlyThese(given: Partial<Ports>): Ports {
  return new Proxy(given, {
    get(target, name) {
      if (typeof name === 'string' && !(name in target))
        throw new Error(`This function was not given the port ${name}.`);
      return Reflect.get(target, name);
    },
  }) as Ports;
}
