import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { systemClock } from '../../../lib/adapters/system/system-clock.ts';
import { systemRandom } from '../../../lib/adapters/system/system-random.ts';
import { startGateway } from '../../../lib/local/service/gateway.ts';
import type { Random } from '../../../lib/ports/random.ts';
import { startEmulatedApi } from '../../e2e/emulated-api.ts';
import { dumpOfFile, dumpOfTables } from '../../support/dumps.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import type { Outbox } from '../../support/outbox.ts';
import { ApiFixture, PLATFORM_KEY } from '../fixture.ts';

/** The whole API over HTTP, with nobody who works its queues. */
export interface Target {
  /** `http://host:port`, without a slash at the end. */
  url: string;
  /** A platform key with every scope. */
  apiKey: string;
  /** What its clock says: milliseconds since the Unix epoch. */
  now(): number;
  /** All that it stores, as text. */
  dump(): Promise<string>;
  /** The random bytes that it has drawn so far, each draw by itself: private keys are made of such. */
  drawn(): readonly Uint8Array[];
  /** What it has mailed. */
  outbox: Outbox;
  /** All that it has logged so far, as text. */
  logged(): string;
  stop(): Promise<void>;
}

/** The system's randomness, and what was drawn of it. */
class RecordedRandom implements Random {
  readonly drawn: Uint8Array[] = [];

  fraction(): number {
    return systemRandom.fraction();
  }

  bytes(count: number): Uint8Array {
    const bytes = systemRandom.bytes(count);
    this.drawn.push(bytes);
    return bytes;
  }
}

/** One process over SQLite in memory. */
export async function startLocal(): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-over-http-'));
  const path = join(folder, 'store');
  const random = new RecordedRandom();
  const fixture = await ApiFixture.open({ path, ports: { clock: systemClock, random } });
  const gateway = await startGateway({ api: fixture.api, host: '127.0.0.1', port: 0 });
  return {
    url: gateway.url,
    apiKey: PLATFORM_KEY,
    now: () => systemClock.now(),
    dump: async () => dumpOfFile(path),
    drawn: () => random.drawn,
    outbox: fixture.outbox,
    logged: () => textOf(fixture.lines),
    stop: async () => {
      await gateway.close();
      fixture.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The functions behind the API, over emulators. */
export async function startAws(): Promise<Target> {
  const log = new MemoryLog();
  const random = new RecordedRandom();
  const { emulated, ...api } = await startEmulatedApi(log, { random });
  return {
    ...api,
    now: () => emulated.deployment.clock.now(),
    dump: () => dumpOfTables(emulated.dynamodb, Object.values(emulated.tables)),
    drawn: () => random.drawn,
    outbox: emulated.outbox,
    logged: () => textOf(log.lines),
  };
}

/** With the messages and stacks of errors. */
function textOf(lines: readonly unknown[]): string {
  return inspect(lines, { depth: 20, maxArrayLength: null, maxStringLength: null, breakLength: Infinity });
}
