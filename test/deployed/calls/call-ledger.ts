import type { FunctionRequest, Json } from './function-request.ts';
import { type CallContext, type IamCall, iamCalls } from './iam-call.ts';
import { MessageChains } from './message-chains.ts';
import { breachesOf } from './quotas.ts';

/** A call that a function made at least once. */
export interface NotedCall extends Omit<IamCall, 'context'> {
  functionName: string;
  /** Of each request, because IAM judges each by itself. */
  contexts: CallContext[];
}

/** What is held against the template. */
export interface CallRecord {
  calls: NotedCall[];
  /** Calls of each function in the longest chain of messages that it was in. */
  longestChains: Record<string, number>;
  /** Sentences: calls over a quota. */
  breaches: string[];
  /** Sentences: calls that were refused for want of a right. */
  refused: string[];
  /** Sentences: requests of functions that no check knows, or that no invocation can be found for. */
  unjudged: string[];
}

/** What AWS answered a request. */
export interface Answer {
  status: number;
  body: Json;
}

const REFUSALS = /AccessDenied|NotAuthorized|AuthorizationError|UnrecognizedClient|InvalidSignature/;

/** Notes what functions ask of AWS. */
export class CallLedger {
  readonly #calls = new Map<string, { call: Omit<NotedCall, 'contexts'>; contexts: Map<string, CallContext> }>();
  readonly #chains = new MessageChains();
  readonly #breaches = new Set<string>();
  readonly #refused = new Set<string>();
  readonly #unknown = new Set<string>();
  readonly #functions = new Map<string, string>();
  readonly #untraced = new Map<string, Set<string>>();

  /**
   * Notes a request that can't be judged: it must not pass for one without a fault.
   * @param what its method, path and target
   */
  noteUnknown(functionName: string, what: string): void {
    this.#unknown.add(`${functionName} asked for ${what}, which the checks of test/deployed/calls do not know`);
  }

  /** Notes whose credentials these are: what comes with them and without a trace is that function's, too. */
  noteCredentials(accessKeyId: string, functionName: string): void {
    this.#functions.set(accessKeyId, functionName);
  }

  /** Notes a request without a trace; anybody's, as long as no function has had these credentials. */
  noteUntraced(accessKeyId: string, what: string): void {
    this.#untraced.set(accessKeyId, (this.#untraced.get(accessKeyId) ?? new Set()).add(what));
  }

  note(request: FunctionRequest, answer: Answer): void {
    const { functionName, received } = request.caller;
    for (const call of iamCalls(request)) this.#noteCall(functionName, call, answer);
    for (const breach of breachesOf(request)) this.#breaches.add(breach);
    this.#chains.note(functionName, received, sentMessages(request, answer));
  }

  get record(): CallRecord {
    return {
      calls: [...this.#calls.values()].map(({ call, contexts }) => ({ ...call, contexts: [...contexts.values()] })),
      longestChains: this.#chains.longest,
      breaches: [...this.#breaches],
      refused: [...this.#refused],
      unjudged: [...this.#unknown, ...this.#untracedOfFunctions()],
    };
  }

  #untracedOfFunctions(): string[] {
    return [...this.#functions].flatMap(([key, functionName]) =>
      [...(this.#untraced.get(key) ?? [])].map((what) => `${functionName} asked for ${what} without a trace`),
    );
  }

  #noteCall(functionName: string, { context, ...asked }: IamCall, { status, body }: Answer): void {
    const { action, resource } = asked;
    if (status >= 400 && REFUSALS.test(body.__type ?? '')) {
      this.#refused.add(`${functionName} was refused ${action} on ${resource}: ${body.message ?? body.Message}`);
    }
    const name = `${functionName} ${action} ${resource}`;
    const known = this.#calls.get(name) ?? { call: { ...asked, functionName }, contexts: new Map() };
    const entries = Object.entries(context).map(([key, values]) => [key, [...new Set(values)].toSorted()] as const);
    known.contexts.set(JSON.stringify(entries), Object.fromEntries(entries));
    this.#calls.set(name, known);
  }
}

/** The ids of the messages that a request put into a queue. */
function sentMessages({ service, operation }: FunctionRequest, { body }: Answer): string[] {
  if (service !== 'sqs' || !operation.startsWith('SendMessage')) return [];
  return (body.Successful ?? [body]).map(({ MessageId }: Json) => MessageId).filter(Boolean);
}
