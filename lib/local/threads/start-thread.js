// The file that a delivery thread starts with. Plain JavaScript: for one in TypeScript Node would load what strips types,
// which each thread would keep, some 8 MB.
import nodeModule from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

// What is imported after this line comes from the cache.
if (workerData.compileCache !== undefined) nodeModule.enableCompileCache(workerData.compileCache);

const { runDeliveries } = await import('./run-deliveries.ts');
if (parentPort) runDeliveries(parentPort, workerData);
