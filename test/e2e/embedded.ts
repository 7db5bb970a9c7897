import { startService } from '../../lib/local/service/service.ts';
import { startSmtp } from '../support/smtp.ts';
import { MemoryLog } from '../support/memory-log.ts';
import type { Backend } from './backend.ts';

/** The service in this process, on SQLite in memory, beside a mail server. */
export const embedded: Backend = {
  name: 'embedded',
  async start() {
    const smtp = await startSmtp({ disabledCommands: ['STARTTLS', 'AUTH'] });
    const server = { host: '127.0.0.1', port: smtp.port, secure: false, requireTLS: false };
    const mail = { server, from: 'postrider@example.com' };
    const service = await startService({ dataDir: ':memory:', port: 0, log: new MemoryLog(), mail });
    return {
      url: service.url,
      apiKey: service.apiKey,
      async countMessages(queue) {
        const { visible, inFlight, delayed } = service.countMessages(queue);
        return visible + inFlight + delayed;
      },
      redrive: () => service.redrive(),
      mailTo: (address) => smtp.received.findLast(({ to }) => to.includes(address))?.raw,
      stop: () => service.stop().then(() => smtp.stop()),
    };
  },
};
