import type { DataKeyStore } from '../../lib/ports/data-key-store.ts';

/** The data keys of a deployment in this process; a test may lose them. */
export class MemoryDataKeys implements DataKeyStore {
  readonly byPeriod = new Map<string, string>();

  async find(period: string): Promise<string | undefined> {
    return this.byPeriod.get(period);
  }

  async keepUnlessThere(period: string, wrapped: string): Promise<string> {
    const kept = this.byPeriod.get(period) ?? wrapped;
    this.byPeriod.set(period, kept);
    return kept;
  }
}
