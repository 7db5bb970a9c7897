import { createJsonLog } from '../../lib/adapters/log/json-log.ts';
import { systemClock } from '../../lib/adapters/system/system-clock.ts';
import { startService } from '../../lib/local/service/service.ts';
import { watched } from '../../lib/ports/log.ts';

/**
 * A program: the service on the folder of its argument, as `npm start` runs it, but with a delivery thread from the start.
 * It is started once the thread is ready.
 */
const [dataDir = ''] = process.argv.slice(2);
const log = createJsonLog({ clock: systemClock, write: (line) => void process.stdout.write(`${line}\n`) });
const ready = Promise.withResolvers<void>();
const watching = watched(log, (event) => {
  if (event === 'dispatch.thread-ready') ready.resolve();
});
const threads = { count: 1, busyFrom: 0, idleBelow: 0 };
const service = await startService({ dataDir, port: 0, log: watching, threads });
await ready.promise;
log.info('service.started', { url: service.url, api_key: service.apiKey });
