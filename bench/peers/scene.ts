import { type MeasuredService, startMeasuredService } from '../embedded-service.ts';
import { LoadClient, type Target } from './load-client.ts';
import { LoadReceiver } from './load-receiver.ts';

/** 400 bytes, as an event has. */
const NOTE = 'The quick brown fox jumps over the lazy dog. '.repeat(8);

/** What is measured: a service, or nothing but the way to the receiver. */
export interface Scene {
  receiver: LoadReceiver;
  /** The service; undefined: the bare floor. */
  service: MeasuredService | undefined;
  /** Has endpoints of its own, at so many paths of the receiver. */
  newTenant(endpoints: number): Promise<Poster>;
  stop(): Promise<void>;
}

export interface Poster {
  run: number;
  /** @returns the status */
  post(n: number): Promise<number>;
  close(): void;
}

/** Which service is measured. */
export interface Started {
  /** The checkout that it runs from. */
  root: string;
  /** Of `npm start`. */
  options: readonly string[];
}

/** @param started undefined: posts go to the receiver itself */
export async function startScene(started: Started | undefined): Promise<Scene> {
  const receiver = new LoadReceiver();
  const port = await receiver.start();
  const service = started && (await startMeasuredService(started.root, started.options));
  const bare: Target = { host: '127.0.0.1', port, path: '/e/0', headers: {} };
  const posters: Poster[] = [];
  let runs = 0;
  return {
    receiver,
    service,
    async newTenant(endpoints) {
      const run = (runs += 1);
      const poster = service ? await posterOf(service, run, port, endpoints) : posterTo(bare, run, (data) => data);
      posters.push(poster);
      receiver.begin(run);
      return poster;
    },
    async stop() {
      for (const poster of posters) poster.close();
      await service?.stop();
      receiver.stop();
    },
  };
}

const TYPE = 'bench.event';

async function posterOf(service: MeasuredService, run: number, port: number, endpoints: number): Promise<Poster> {
  const { hostname: host, port: its } = new URL(service.url);
  const headers = { authorization: `Bearer ${service.apiKey}`, 'postrider-tenant': `org_run_${run}` };
  const target = { host, port: Number(its), headers };
  const registering = new LoadClient({ ...target, path: '/v1/endpoints' });
  for (let path = 0; path < endpoints; path += 1) {
    const url = `http://127.0.0.1:${port}/e/${path}`;
    const status = await registering.post(JSON.stringify({ url, events: [TYPE] }));
    if (status !== 201) throw new Error(`an endpoint was answered ${status}`);
  }
  registering.close();
  return posterTo({ ...target, path: '/v1/events' }, run, (data) => `{"type":"${TYPE}","data":${data}}`);
}

function posterTo(target: Target, run: number, bodyOf: (data: string) => string): Poster {
  const client = new LoadClient(target);
  return {
    run,
    post: (n) => client.post(bodyOf(JSON.stringify({ n, run, customer: { id: 'cus_17' }, amount: 4711, note: NOTE }))),
    close: () => client.close(),
  };
}
