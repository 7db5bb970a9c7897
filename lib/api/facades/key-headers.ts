import { VERISWARM_BASE, VERISWARM_KEY_HEADER } from './veriswarm/base.ts';

/** Façades whose customers send their key in a header of its own, by the path that all their routes begin with. */
export const KEY_HEADERS: readonly { base: string; header: string }[] = [
  { base: VERISWARM_BASE, header: VERISWARM_KEY_HEADER },
];

/** The header, by lower-case name, that a path's key is in, alone; undefined: in `Authorization`, as everywhere else. */
export function keyHeaderOf(path: string): string | undefined {
  return KEY_HEADERS.find(({ base }) => path === base || path.startsWith(`${base}/`))?.header;
}
