import { Refusal } from '../refusal.ts';
import type { Machine } from './machine.ts';

/** What AWS or the API answers; each row reads what it needs. */
// oxlint-disable-next-line typescript/no-explicit-any -- its shape is theirs
export type Json = any;

/** What the caller of `prove` said. */
export interface ProveFlags {
  stack: string;
  region?: string;
  /** Where the API is reached, if not at the output. */
  api?: string;
  console?: string;
  /** A platform key with every scope. */
  key?: string;
  /** A public https URL that answers 2xx to a POST. */
  receiverUrl?: string;
  /** Posts a second, and for how many seconds. */
  rate: number;
  seconds: number;
  /** May rows change something of the deployment for a moment? */
  changes?: true;
  /** May rows read whole tables? */
  scan?: true;
  /** For `cdk diff`: the `-c name=value` of the deployment. */
  context?: string[];
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

export interface Sending {
  key?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** A row can't be shown with what it was given: the message says what it needs. */
export class Skip extends Error {}

/** Whose events and endpoints the rows make. */
export const TENANT = 'postrider-prove';
const CALL_LIMIT_MS = 30_000;

/** A deployed stack, asked by AWS's command line and by its own API. */
export class Deployment {
  readonly flags: ProveFlags;
  readonly machine: Machine;
  #stack: Promise<Json> | undefined;
  #resources: Promise<{ id: string; name: string }[]> | undefined;

  constructor(flags: ProveFlags, machine: Machine) {
    this.flags = flags;
    this.machine = machine;
  }

  /** What AWS's command line answers, read as JSON. @throws Refusal with its message */
  async aws(...args: string[]): Promise<Json> {
    const region = this.flags.region === undefined ? [] : ['--region', this.flags.region];
    const text = await this.machine.run('aws', [...args, '--output', 'json', ...region]);
    return text.trim() === '' ? {} : JSON.parse(text);
  }

  /** @throws Skip when the stack has no such output */
  async output(name: string): Promise<string> {
    const { Outputs = [] } = await this.stack();
    const found = (Outputs as { OutputKey: string; OutputValue: string }[]).find(({ OutputKey }) => OutputKey === name);
    if (!found) throw new Skip(`the stack has no output ${name}`);
    return found.OutputValue;
  }

  /** As CloudFormation describes it. */
  stack(): Promise<Json> {
    this.#stack ??= this.aws('cloudformation', 'describe-stacks', '--stack-name', this.flags.stack).then(
      ({ Stacks }) => Stacks[0],
    );
    return this.#stack;
  }

  /** The names of the functions, by stage: `Dispatch`. */
  functions(): Promise<Map<string, string>> {
    return this.#byStage('Function');
  }

  /** The names of the functions' log groups, by stage. */
  logGroups(): Promise<Map<string, string>> {
    return this.#byStage('Log');
  }

  /** By what a logical id ends in: whatever the construct is called, CDK writes its path and eight digits. */
  async #byStage(kind: 'Function' | 'Log'): Promise<Map<string, string>> {
    const ending = new RegExp(`(${STAGES.join('|')})${kind}[0-9A-F]{8}$`);
    return new Map(
      (await this.resources()).flatMap(({ id, name }) => {
        const [, stage] = ending.exec(id) ?? [];
        return stage === undefined ? [] : [[stage, name] as const];
      }),
    );
  }

  async resources(): Promise<{ id: string; name: string }[]> {
    this.#resources ??= this.aws('cloudformation', 'list-stack-resources', '--stack-name', this.flags.stack).then(
      ({ StackResourceSummaries }) =>
        StackResourceSummaries.map((one: Json) => ({ id: one.LogicalResourceId, name: one.PhysicalResourceId })),
    );
    return this.#resources;
  }

  /** Lines of a stage's log since then, that match a filter pattern; at most a thousand. */
  async lines(stage: string, pattern: string, since: number): Promise<string[]> {
    const group = (await this.logGroups()).get(stage);
    if (group === undefined) throw new Skip(`the stack has no log group of ${stage}`);
    const asked = ['--log-group-name', group, '--filter-pattern', pattern, '--start-time', String(since)];
    const { events } = await this.aws('logs', 'filter-log-events', ...asked, '--max-items', '1000');
    return (events as { message: string }[]).map(({ message }) => message);
  }

  /** The sums of a metric, oldest first, over periods of five minutes. */
  async sums(namespace: string, metric: string, dimension: string, since: number, until: number): Promise<number[]> {
    const [Name, Value] = dimension.split('=');
    const { Datapoints } = await this.aws(
      'cloudwatch',
      'get-metric-statistics',
      '--namespace',
      namespace,
      '--metric-name',
      metric,
      '--dimensions',
      `Name=${Name},Value=${Value}`,
      '--start-time',
      new Date(since).toISOString(),
      '--end-time',
      new Date(until).toISOString(),
      '--period',
      '300',
      '--statistics',
      'Sum',
    );
    const points = (Datapoints as { Timestamp: string; Sum: number }[]).toSorted(
      (a, b) => Date.parse(a.Timestamp) - Date.parse(b.Timestamp),
    );
    return points.map(({ Sum }) => Sum);
  }

  /** Without a slash at its end. */
  async apiUrl(): Promise<string> {
    return (this.flags.api ?? (await this.output('ApiUrl'))).replace(/\/$/, '');
  }

  /** Calls the API as anybody; a key only where it is given. */
  async request(method: string, path: string, { key, headers = {}, body }: Sending = {}): Promise<Answer> {
    const url = /^https?:/.test(path) ? path : `${await this.apiUrl()}${path}`;
    const authorized = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const init = { method, headers: { ...authorized, ...headers }, signal: AbortSignal.timeout(CALL_LIMIT_MS) };
    const response = await fetch(url, { ...init, ...(body !== undefined && { body }) });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** Calls the API with the key, for the tenant of the rows. @throws Skip without a key, Refusal for another status */
  async call(status: number, method: string, path: string, body?: object): Promise<Json> {
    const headers = {
      'postrider-tenant': TENANT,
      ...(body && { 'content-type': 'application/json' }),
    };
    const sending = { key: this.key(), headers, ...(body && { body: JSON.stringify(body) }) };
    const answer = await this.request(method, path, sending);
    if (answer.status !== status) throw new Refusal(`${method} ${path}: ${answer.status} ${answer.text.slice(0, 300)}`);
    return answer.text === '' ? undefined : JSON.parse(answer.text);
  }

  key(): string {
    if (this.flags.key === undefined) throw new Skip('pass --key with a platform key');
    return this.flags.key;
  }

  /** An endpoint of its own for a row, deleted at the end. */
  async withEndpoint<T>(body: object, use: (id: string) => Promise<T>): Promise<T> {
    const { id } = await this.call(201, 'POST', '/v1/endpoints', { label: 'prove', ...body });
    try {
      return await use(id);
    } finally {
      await this.call(204, 'DELETE', `/v1/endpoints/${id}`);
    }
  }

  /** Asks again every so often. @returns undefined when it took too long */
  async until<T>(ask: () => Promise<T | undefined>, everyMs: number, limitMs: number): Promise<T | undefined> {
    const end = this.machine.now() + limitMs;
    for (;;) {
      const found = await ask();
      if (found !== undefined || this.machine.now() >= end) return found;
      await this.machine.sleep(everyMs);
    }
  }

  /** @throws Skip unless changes are allowed */
  mayChange(what: string): void {
    if (!this.flags.changes) throw new Skip(`pass --changes: it ${what}`);
  }
}

const STAGES = [
  'Account',
  'Endpoints',
  'Ingest',
  'History',
  'Poll',
  'Authorizer',
  'Dispatch',
  'Jobs',
  'Sweep',
  'Source',
] as const;
