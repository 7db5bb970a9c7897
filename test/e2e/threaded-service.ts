import { createJsonLog } from '../../lib/adapters/log/json-log.ts';
import { systemClock } from '../../lib/adapters/system/system-clock.ts';
import { startService } from '../../lib/local/service/service.ts';
import { watched } from '../../lib/ports/log.ts';

/**
 * A program: the service on the folder of its argument, as `npm start` runs it, but with two delivery threads from the
 * start. It is started once both are ready.
 */
const [dataDir = ''] = process.argv.slice(2);
const log = createJsonLog({ clock: systemClock, write: (line) => void process.stdout.write(`${line}\n`) });
const threads = { count: 2, busyFrom: 0, idleBelow: 0 };
const allReady = Promise.withResolvers<void>();
let ready = 0;
const watching = watched(log, (event) => {
  if (event !== 'dispatch.thread-ready') return;
  ready += 1;
  if (ready === threads.count) allReady.resolve();
});
const service = await startService({ dataDir, port: 0, log: watching, threads });
await allReady.promise;
log.info('service.started', { url: service.url, api_key: service.apiKey });
