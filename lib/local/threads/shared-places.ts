import type { InFlight, OthersInFlight } from '../../pipeline/dispatch/places.ts';

/**
 * How many counts a thread has for endpoints, and as many for tenants and for the places that those left. Two that share
 * one have the limit together.
 */
const COUNTS = 4096;
const ALL = 0;
/** Where in a row each kind of count begins. */
const [ENDPOINTS, TENANTS, LEFT] = [1, 1 + COUNTS, 1 + 2 * COUNTS];
const ROW = 1 + 3 * COUNTS;

/** @param rows how many threads there are at most */
export function newPlacesMemory(rows: number): SharedArrayBuffer {
  return new SharedArrayBuffer(rows * ROW * Int32Array.BYTES_PER_ELEMENT);
}

/**
 * The requests in flight of all threads of the process, each counted in a row of its own: so the row of a thread that has died
 * can be emptied.
 */
export class SharedPlaces implements OthersInFlight {
  readonly #own: Int32Array;
  readonly #others: readonly Int32Array[];

  constructor(memory: SharedArrayBuffer, row: number) {
    const rows = memory.byteLength / (ROW * Int32Array.BYTES_PER_ELEMENT);
    const all = Array.from({ length: rows }, (_, index) => rowOf(memory, index));
    this.#own = all[row] as Int32Array;
    this.#others = all.filter((_, index) => index !== row);
  }

  add(endpoint: string, tenantId: string): void {
    this.#change(endpoint, tenantId, 1);
  }

  remove(endpoint: string, tenantId: string): void {
    this.#change(endpoint, tenantId, -1);
  }

  leave(endpoint: string, tenantId: string): void {
    this.remove(endpoint, tenantId);
    Atomics.add(this.#own, leftAt(tenantId), 1);
  }

  left(tenantId: string): number {
    return this.#sum(leftAt(tenantId));
  }

  count(endpoint: string, tenantId: string): InFlight {
    const [endpointAt, tenantAt] = placesOf(endpoint, tenantId);
    return { ofEndpoint: this.#sum(endpointAt), ofTenant: this.#sum(tenantAt), all: this.#sum(ALL) };
  }

  #sum(at: number): number {
    return this.#others.reduce((total, row) => total + Atomics.load(row, at), 0);
  }

  #change(endpoint: string, tenantId: string, by: 1 | -1): void {
    for (const at of [ALL, ...placesOf(endpoint, tenantId)]) Atomics.add(this.#own, at, by);
  }
}

/** For a thread that has ended. What it has left stays left: others tell by the sum whether their line moves. */
export function emptyRow(memory: SharedArrayBuffer, row: number): void {
  rowOf(memory, row).fill(0, 0, LEFT);
}

function rowOf(memory: SharedArrayBuffer, row: number): Int32Array {
  return new Int32Array(memory, row * ROW * Int32Array.BYTES_PER_ELEMENT, ROW);
}

function placesOf(endpoint: string, tenantId: string): [endpoint: number, tenant: number] {
  return [ENDPOINTS + (hashOf(endpoint) % COUNTS), TENANTS + (hashOf(tenantId) % COUNTS)];
}

function leftAt(tenantId: string): number {
  return LEFT + (hashOf(tenantId) % COUNTS);
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
