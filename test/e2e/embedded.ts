import type { ServiceOptions } from '../../lib/local/service/service-options.ts';
import { startService } from '../../lib/local/service/service.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { startSmtp } from '../support/smtp.ts';
import type { Backend, RunningBackend } from './backend.ts';

/** The service in this process, on SQLite in memory, beside a mail server. */
export async function startEmbedded(options: Partial<ServiceOptions> = {}): Promise<RunningBackend> {
  const smtp = await startSmtp({ disabledCommands: ['STARTTLS', 'AUTH'] });
  const server = { host: '127.0.0.1', port: smtp.port, secure: false, requireTLS: false };
  const mail = { server, from: 'postrider@example.com' };
  const service = await startService({ dataDir: ':memory:', port: 0, log: new MemoryLog(), mail, ...options });
  return {
    url: service.url,
    apiKey: service.apiKey,
    async countMessages(queue) {
      const { visible, inFlight, delayed } = service.countMessages(queue);
      return visible + inFlight + delayed;
    },
    redrive: () => service.redrive(),
    mailTo: (address) => smtp.received.findLast(({ to }) => to.includes(address))?.raw,
    async stop() {
      await service.stop();
      await smtp.stop();
    },
  };
}

export const embedded: Backend = { name: 'embedded', start: () => startEmbedded() };
