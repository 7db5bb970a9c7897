import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Language, LANGUAGES, snippetOf } from '../../console/src/screens/catalogue/snippets.ts';
import { Api } from '../e2e/api.ts';
import type { RunningBackend } from '../e2e/backend.ts';
import { embedded } from '../e2e/embedded.ts';

// What the console tells receivers to run, run.

const SIGNED = ['standard', 'vem', 'veriswarm', 'vellum', 'ventryx'];
const ADDRESS = 'https://example.com/webhooks';

let folder: string;
let running: RunningBackend;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postrider-snippets-'));
  running = await embedded.start();
});
afterAll(async () => {
  await running.stop();
  rmSync(folder, { recursive: true });
});

interface Sent {
  headers: Record<string, string>;
  body: string;
  secret: string;
}

async function requestIn(dialect: string): Promise<Sent> {
  const event = { type: 'order.paid', data: { name: 'Å' }, url: ADDRESS };
  const own = dialect === 'vellum' ? { signing_secret: 'brought-secret-123456' } : {};
  const api = new Api(running, 'org_snippets');
  const answer = await api.call('POST', `/v1/dialects/${dialect}/preview`, { ...event, ...own });
  const { headers, body, signing_secret } = answer.body;
  return { headers, body, secret: signing_secret };
}

/** The snippet, with the endpoint's URL where it says so. */
function programIn(dialect: string, language: Language): string {
  return (snippetOf(dialect, language) ?? '').replace('URL', ADDRESS);
}

test('every dialect that signs has one in each language, and a chat has none', () => {
  for (const [language] of LANGUAGES) {
    for (const dialect of SIGNED) expect(snippetOf(dialect, language), `${dialect} ${language}`).toBeTruthy();
    expect(snippetOf('slack', language)).toBeUndefined();
  }
});

/** Each program ends with 0 when the snippet takes the request for genuine. */
const RUN: Record<'node' | 'python', (snippet: string, file: string, sent: Sent) => void> = {
  node(snippet, file, sent) {
    const check = `\nconst { headers, body, secret } = JSON.parse(process.argv[2]);
      process.exit(isGenuine(headers, Buffer.from(body), secret) ? 0 : 1);`;
    writeFileSync(`${file}.mjs`, snippet + check);
    execFileSync(process.execPath, [`${file}.mjs`, JSON.stringify(sent)], { stdio: 'pipe' });
  },
  python(snippet, file, sent) {
    const check = `\n\nimport json, sys
sent = json.loads(sys.argv[1])
sys.exit(0 if is_genuine(sent["headers"], sent["body"].encode(), sent["secret"]) else 1)\n`;
    writeFileSync(`${file}.py`, snippet + check);
    execFileSync('python3', [`${file}.py`, JSON.stringify(sent)], { stdio: 'pipe' });
  },
};

const has = (program: string, asked = '--version') => {
  try {
    execFileSync(program, [asked], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

describe.each(SIGNED)('a request in %s', (dialect) => {
  describe.each(['node', 'python'] as const)('by the snippet in %s', (language) => {
    test.skipIf(language === 'python' && !has('python3'))('is genuine, and not when a byte is another', async () => {
      const sent = await requestIn(dialect);
      const file = join(folder, `${dialect}-${language}`);
      const program = programIn(dialect, language);
      RUN[language](program, file, sent);
      expect(() => RUN[language](program, file, { ...sent, body: `${sent.body} ` })).toThrow();
    });
  });

  test.skipIf(!has('openssl', 'version'))('has the signature that the shell’s snippet prints', async () => {
    const { headers, body, secret } = await requestIn(dialect);
    writeFileSync(join(folder, 'body.json'), body);
    const timestamp = Object.entries(headers).find(([name]) => name.endsWith('timestamp'))?.[1] ?? '';
    const env = { ...process.env, SECRET: secret, TIMESTAMP: timestamp, ID: headers['webhook-id'] ?? '' };
    const printed = execFileSync('bash', ['-c', programIn(dialect, 'shell')], { cwd: folder, env, encoding: 'utf8' });
    expect(Object.values(headers).flatMap((value) => value.split(' '))).toContain(printed.trim());
  });
});
