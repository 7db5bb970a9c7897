import nodeModule from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadData } from './parts.ts';

// The file that a delivery thread starts with: what is imported after this line comes from the cache.
const data = workerData as ThreadData;
if (data.compileCache !== undefined) nodeModule.enableCompileCache(data.compileCache);

const { runDeliveries } = await import('./run-deliveries.ts');
if (parentPort) runDeliveries(parentPort, data);
