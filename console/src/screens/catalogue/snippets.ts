// What a receiver runs to verify a request, by dialect and language. test/console/snippets.test.ts runs them.

export type Language = 'node' | 'python' | 'go' | 'shell';

export const LANGUAGES: readonly (readonly [Language, string])[] = [
  ['node', 'Node'],
  ['python', 'Python'],
  ['go', 'Go'],
  ['shell', 'curl'],
];

/** They go to chats. */
export const UNSIGNED: ReadonlySet<string> = new Set(['slack', 'discord']);

/** How a dialect signs: an HMAC by SHA-256, in hexadecimal, of something before the body and the body. */
interface Scheme {
  header: string;
  /** What stands in the header before the signature. */
  prefix: string;
  timestamp?: {
    header: string;
    /** Seconds that a request may be old. */
    seconds: number;
    /** Between the timestamp and the body; `URL` is that of the endpoint. */
    joint: string;
  };
}

const SCHEMES: Readonly<Record<string, Scheme>> = {
  vem: { header: 'x-webhook-signature', prefix: 'sha256=' },
  veriswarm: {
    header: 'x-veriswarm-signature',
    prefix: '',
    timestamp: { header: 'x-veriswarm-timestamp', seconds: 300, joint: '.' },
  },
  vellum: {
    header: 'x-vellum-signature',
    prefix: '',
    timestamp: { header: 'x-vellum-timestamp', seconds: 60, joint: String.raw`\nPOST\nURL\n` },
  },
  ventryx: { header: 'ventryx-signature', prefix: 'sha256=' },
};

/** @returns undefined where nothing is signed, or the dialect is the deployment's own */
export function snippetOf(dialect: string, language: Language): string | undefined {
  if (dialect === 'standard') return STANDARD[language];
  const scheme = SCHEMES[dialect];
  return scheme && WRITERS[language](scheme).trim();
}

/** Of the program that the reader runs, not of the page. */
const CRYPTO = ['import { createHmac, timingSafeEqual } from', `'node:crypto'`].join(' ');

const NODE_EQUAL = `function equal(received, expected) {
  const [a, b] = [Buffer.from(received ?? ''), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}`;

const WRITERS: Readonly<Record<Language, (scheme: Scheme) => string>> = {
  node: ({ header, prefix, timestamp }) => `
${CRYPTO};

// headers: by lower-case name. body: the bytes as they came.
export function isGenuine(headers, body, secret) {
${
  timestamp
    ? `  const timestamp = headers['${timestamp.header}'];
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= ${timestamp.seconds})) return false;
`
    : ''
}  const expected = createHmac('sha256', secret)${timestamp ? `.update(\`\${timestamp}${timestamp.joint}\`)` : ''}.update(body).digest('hex');
  return equal(headers['${header}'], ${prefix ? `\`${prefix}\${expected}\`` : 'expected'});
}

${NODE_EQUAL}`,

  python: ({ header, prefix, timestamp }) => `
import hashlib
import hmac
${timestamp ? 'import time\n' : ''}
# headers: by name, whatever its case. body: the bytes as they came.
def is_genuine(headers, body, secret):
${
  timestamp
    ? `    timestamp = headers["${timestamp.header}"]
    if abs(time.time() - int(timestamp)) > ${timestamp.seconds}:
        return False
    content = f"{timestamp}${timestamp.joint}".encode() + body
`
    : '    content = body\n'
}    expected = ${prefix ? `"${prefix}" + ` : ''}hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
    return hmac.compare_digest(headers["${header}"], expected)`,

  go: ({ header, prefix, timestamp }) => `
// body: the bytes as they came.
func isGenuine(headers http.Header, body []byte, secret string) bool {
	mac := hmac.New(sha256.New, []byte(secret))
${
  timestamp
    ? `	timestamp := headers.Get("${timestamp.header}")
	at, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || math.Abs(float64(time.Now().Unix()-at)) > ${timestamp.seconds} {
		return false
	}
	mac.Write([]byte(timestamp + "${timestamp.joint}"))
`
    : ''
}	mac.Write(body)
	expected := ${prefix ? `"${prefix}" + ` : ''}hex.EncodeToString(mac.Sum(nil))
	return hmac.Equal([]byte(headers.Get("${header}")), []byte(expected))
}`,

  shell: ({ header, prefix, timestamp }) => `
# SECRET: of the endpoint. body.json: the body as it came${timestamp ? `. TIMESTAMP: of ${timestamp.header}` : ''}.
# It prints what the header ${header} must be.
{ ${timestamp ? `printf '%b' "$TIMESTAMP${timestamp.joint}"; ` : ''}cat body.json; } |
  openssl dgst -sha256 -hmac "$SECRET" -hex | sed 's/^.*= */${prefix}/'`,
};

const STANDARD: Readonly<Record<Language, string>> = {
  node: `${CRYPTO};

// headers: by lower-case name. body: the bytes as they came.
export function isGenuine(headers, body, secret) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures = '' } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= 300)) return false;
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const expected = createHmac('sha256', key).update(\`\${id}.\${timestamp}.\`).update(body).digest('base64');
  return signatures.split(' ').some((one) => equal(one, \`v1,\${expected}\`));
}

${NODE_EQUAL}`,
  python: `import base64
import hashlib
import hmac
import time

# headers: by name, whatever its case. body: the bytes as they came.
def is_genuine(headers, body, secret):
    message_id, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(time.time() - int(timestamp)) > 300:
        return False
    key = base64.b64decode(secret[len("whsec_"):])
    content = f"{message_id}.{timestamp}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(one, expected) for one in headers["webhook-signature"].split(" "))`,
  go: `// body: the bytes as they came.
func isGenuine(headers http.Header, body []byte, secret string) bool {
	id, timestamp := headers.Get("webhook-id"), headers.Get("webhook-timestamp")
	at, err := strconv.ParseInt(timestamp, 10, 64)
	key, wrong := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil || wrong != nil || math.Abs(float64(time.Now().Unix()-at)) > 300 {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	expected := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for _, one := range strings.Split(headers.Get("webhook-signature"), " ") {
		if hmac.Equal([]byte(one), []byte(expected)) {
			return true
		}
	}
	return false
}`,
  shell: `# SECRET: of the endpoint. body.json: the body as it came. ID, TIMESTAMP: of webhook-id and webhook-timestamp.
# It prints what the header webhook-signature must have among its parts.
KEY=$(printf '%s' "\${SECRET#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \\n')
{ printf '%s.%s.' "$ID" "$TIMESTAMP"; cat body.json; } |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$KEY" -binary | base64 | sed 's/^/v1,/'`,
};
