import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { Refusal } from './refusal.ts';

/** Where the API is, and by whose right it is called. */
export interface AccessFlags {
  url?: string;
  key?: string;
  tenant?: string;
  data: string;
}

/** The API's responses; each command reads what it needs. */
// oxlint-disable-next-line typescript/no-explicit-any -- its shape is the API's
export type Json = any;

/** Calls the API of a service, local or deployed. @throws Refusal with what it answered, when that is no success */
export type Call = (method: string, path: string, body?: object) => Promise<Json>;

const LOCAL_URL = 'http://127.0.0.1:8080';
/** Calls about all tenants, which name none. */
const OF_ALL = '/v1/ops/';
const CALL_LIMIT_MS = 30_000;

/** Adds the options by which a command finds its service. @param tenant what a command without that option is about */
export function withAccess(command: Command, tenant = 'whose data, for a platform key; default: "default"'): Command {
  return command
    .option('--url <url>', `where the API is; default: POSTRIDER_URL, or ${LOCAL_URL}`)
    .option('--key <key>', 'a key of it; default: POSTRIDER_API_KEY, or that of the data folder')
    .option('--tenant <id>', tenant)
    .option('--data <folder>', 'the data folder of a local service', '.postrider');
}

export function createCall(flags: AccessFlags, environment: NodeJS.ProcessEnv = process.env): Call {
  const url = (flags.url ?? environment['POSTRIDER_URL'] ?? LOCAL_URL).replace(/\/+$/, '');
  const key = flags.key ?? environment['POSTRIDER_API_KEY'] ?? keyIn(flags.data);
  const tenant = flags.tenant === undefined ? {} : { 'postrider-tenant': encodeURIComponent(flags.tenant) };
  return async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(!path.startsWith(OF_ALL) && tenant),
        ...(body && { 'content-type': 'application/json' }),
      },
      signal: AbortSignal.timeout(CALL_LIMIT_MS),
      ...(body && { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new Refusal(`Nothing answers at ${url}: start the service, or pass --url.`, { cause });
    });
    const text = await response.text();
    if (response.ok) return text === '' ? undefined : JSON.parse(text);
    throw new Refusal(`${method} ${path}: ${problemIn(text)} (${response.status})`);
  };
}

function keyIn(folder: string): string {
  const file = join(folder, 'api-key');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  throw new Refusal(`No key: set POSTRIDER_API_KEY, pass --key, or --data with the folder of a local service.`);
}

/** What the API says of a refusal, or the beginning of what something else says. */
function problemIn(text: string): string {
  try {
    return (JSON.parse(text) as { detail?: string }).detail ?? text.slice(0, 200);
  } catch {
    return text.slice(0, 200);
  }
}
