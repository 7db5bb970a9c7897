/** A list price of us-east-1, without free tiers and volume discounts. */
export interface Price {
  /** Dollars for one. */
  usd: number;
  /** As the price list says it. */
  text: string;
  /** AWS's page, by its title. */
  page: string;
  /** What says the same, as it was read on {@link PRICES_READ}; AWS's own page where it names the number. */
  confirmedBy: string;
}

export const PRICES_READ = '2026-11-21';

const MILLION = 1e6;
const GB = 1e9;

export const PRICES = {
  lambdaGbSecond: {
    usd: 0.0000133334,
    text: '$0.0000133334 a GB-second (arm64)',
    page: 'AWS Lambda Pricing',
    confirmedBy: 'cloudchipr.com, "AWS Lambda Pricing Breakdown"',
  },
  lambdaRequest: {
    usd: 0.2 / MILLION,
    text: '$0.20 a million invocations',
    page: 'AWS Lambda Pricing',
    confirmedBy: 'kodekloud.com, "Pricing"',
  },
  sqsRequest: {
    usd: 0.4 / MILLION,
    text: '$0.40 a million requests, each 64 KB one (standard queue)',
    page: 'Amazon SQS pricing',
    confirmedBy: 'cloudburn.io, "Amazon SQS Pricing: Complete Guide"',
  },
  sqsFairQueue: {
    usd: 0.1 / MILLION,
    text: '$0.10 a million requests more on a fair queue; counted for every request, the page may mean sends only',
    page: 'Amazon SQS pricing',
    confirmedBy: 'cloudburn.io, "Amazon SQS Pricing: Complete Guide"; to which requests it applies: not confirmed',
  },
  writeUnit: {
    usd: 0.625 / MILLION,
    text: '$0.625 a million write request units (on demand)',
    page: 'Pricing for On-Demand Capacity (Amazon DynamoDB)',
    confirmedBy: 'airbyte.com, "Amazon DynamoDB Pricing"',
  },
  readUnit: {
    usd: 0.125 / MILLION,
    text: '$0.125 a million read request units (on demand)',
    page: 'Pricing for On-Demand Capacity (Amazon DynamoDB)',
    confirmedBy: 'airbyte.com, "Amazon DynamoDB Pricing"',
  },
  storedGbMonth: {
    usd: (0.25 + 0.2) / GB,
    text: '$0.25 a GB and month stored, $0.20 for its point-in-time recovery',
    page: 'Pricing for On-Demand Capacity (Amazon DynamoDB)',
    confirmedBy:
      'AWS, "Amazon DynamoDB pricing", for the storage; finops.com.py, DynamoDB "Backup Strategy", for recovery',
  },
  apiRequest: {
    usd: 1 / MILLION,
    text: '$1.00 a million requests, each 512 KB one (HTTP API)',
    page: 'Amazon API Gateway pricing',
    confirmedBy: 'AWS whitepaper "Best Practices for Designing Amazon API Gateway Private APIs", cost optimization',
  },
  alarmMetricMonth: {
    usd: 0.1,
    text: '$0.10 a month for each metric that an alarm looks at (standard resolution)',
    page: 'Amazon CloudWatch Pricing',
    confirmedBy: 'c3x.dev, "aws_cloudwatch_metric_alarm cost estimation"',
  },
  keyMonth: {
    usd: 1,
    text: '$1.00 a month for a key, and for each of its first two rotations',
    page: 'AWS Key Management Service pricing',
    confirmedBy: 'not confirmed: no text of AWS was at hand',
  },
  logByte: {
    usd: 0.5 / GB,
    text: '$0.50 a GB ingested (standard class)',
    page: 'Amazon CloudWatch Pricing',
    confirmedBy: 'go-cloud.io, "AWS API Gateway Pricing"',
  },
  infrequentLogByte: {
    usd: 0.25 / GB,
    text: '$0.25 a GB ingested (infrequent access class)',
    page: 'Amazon CloudWatch Pricing',
    confirmedBy: 'c3x.dev, "CloudWatch Logs cost optimization: cutting the $0.50/GB bill"',
  },
} as const satisfies Record<string, Price>;

/** What no measurement on one machine tells. */
export const ASSUMPTIONS = {
  /** A customer's answer, connecting included. Milliseconds. */
  answerMs: 200,
  /** One call inside the region, from the first byte sent to the last received, by its service. Milliseconds. */
  callMs: { DynamoDB: 5, SQS: 10, KMS: 10 } as Readonly<Record<string, number>>,
  /** Calls of one function under way together: the sockets of its client. */
  sockets: 64,
  /**
   * Processor time beside the SDK's, milliseconds: of a post (or a question of the authorizer), of each event in it, of
   * a message with its request, and of the handshake of a new connection. The bundles in processes of their own over
   * emulators, 2026-11-21: a post 1.9 in all, one of 100 events 53, ten messages 22 (11 on open connections).
   *
   * A message alone in its batch opens a connection. Where batches are full, an instance sends to the same ten endpoints
   * several times a second, and it holds connections for 4 s (lib/adapters/http/connections.ts): then they are open.
   */
  ownCpuMs: { post: 0.9, event: 0.25, message: 0.8, handshake: 1.1 },
  /**
   * Share of the first attempts whose event a replica does not show yet, so that all is read once more, consistently:
   * the message takes longer to dispatch than a replica lags.
   */
  lateReplica: 0.01,
  /** Of that second look: event, record, endpoint, brakes. */
  secondLookUnits: 4,
  /** Lambda gives a whole processor at so many MB ("Configure Lambda function memory"). */
  memoryOfOneProcessor: 1769,
  /** Share of the posts that the gateway answers from its memory of keys: a key with 2 posts a second asks each 20th. */
  rememberedKeys: 0.95,
  /** Share of the deliveries that fail twice and succeed at the third attempt, each attempt in an invocation of its own. */
  failing: 0.02,
  /** Deliveries that an instance counts in one line of metrics: a line has at most 100, and tells of a minute. */
  successesALine: { busy: 100, quiet: 20 },
  /**
   * Deliveries that one write adds to a tenant's usage: a busy function writes once a second and works some four full
   * batches in it; a quiet one writes with each message.
   */
  deliveriesAnAddition: { busy: 40, quiet: 1 },
  /** CloudWatch counts so many bytes more for each line ("CloudWatch Logs quotas", PutLogEvents). */
  bytesALine: 26,
  /** A line of the gateway's access log with typical values, as a test computes it from the stack. */
  accessLogBytes: 121,
  /** Of Lambda for each event source: five, each waiting 20 s ("Using Lambda with Amazon SQS"). */
  idlePollers: 5,
  idlePollsAMinute: 3,
  /** Deliveries, retries, slow, jobs. */
  eventSources: 4,
  minutesAMonth: 30 * 24 * 60,
} as const;

/**
 * What a million deliveries should cost at most at full batches, in dollars; of it, what shows how they went (metrics, usage):
 * 6 cents by single post and 15 by batch.
 */
export const AIMS = { single: 4.06, singleKeyed: 5.16, batch: 2.25, batchKeyed: 3.45 } as const;
