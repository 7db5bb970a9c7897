import { startService } from '../../lib/local/service/service.ts';
import { MemoryLog } from '../support/memory-log.ts';
import type { Backend } from './backend.ts';

/** The service in this process, on SQLite in memory. */
export const embedded: Backend = {
  name: 'embedded',
  async start() {
    const service = await startService({ dataDir: ':memory:', port: 0, log: new MemoryLog() });
    return {
      url: service.url,
      apiKey: service.apiKey,
      async countMessages(queue) {
        const { visible, inFlight, delayed } = service.countMessages(queue);
        return visible + inFlight + delayed;
      },
      redrive: () => service.redrive(),
      stop: () => service.stop(),
    };
  },
};
