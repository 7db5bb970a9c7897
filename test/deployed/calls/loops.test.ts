import { describe, expect, test } from 'vitest';
import { CallLedger } from './call-ledger.ts';
import { loopsNotAllowed } from './loops.ts';
import { PHYSICAL_IDS, requestOf, stackTemplate } from './planted.ts';
import { formatTrace, parseTrace } from './trace-header.ts';

const SEND = { service: 'sqs', operation: 'SendMessage' } as const;

/** A function that is called with the message that it sent, so many times. */
function longestAfter(calls: number): Record<string, number> {
  const ledger = new CallLedger();
  for (let n = 0; n < calls; n += 1) {
    const received = n === 0 ? [] : [`message-${n - 1}`];
    ledger.note(requestOf(SEND, { QueueUrl: PHYSICAL_IDS.Queue, MessageBody: 'a' }, received), {
      status: 200,
      body: { MessageId: `message-${n}` },
    });
  }
  return ledger.record.longestChains;
}

describe('loops', () => {
  test('sixteen calls in a chain pass, and a planted seventeenth is found', () => {
    expect(loopsNotAllowed(longestAfter(16), stackTemplate(), PHYSICAL_IDS)).toEqual([]);
    expect(loopsNotAllowed(longestAfter(17), stackTemplate(), PHYSICAL_IDS)).toEqual([
      'stack-worker was called 17 times in a chain, and Lambda stops it after 16',
    ]);
  });

  test('a function that is marked may go on', () => {
    const marked = stackTemplate({ worker: { RecursiveLoop: 'Allow' } });
    expect(loopsNotAllowed(longestAfter(40), marked, PHYSICAL_IDS)).toEqual([]);
  });

  test('of a batch the longest chain counts, and calls of other functions do not', () => {
    const ledger = new CallLedger();
    const send = (received: string[], id: string, functionName = 'stack-worker') => {
      const request = requestOf(SEND, { QueueUrl: PHYSICAL_IDS.Queue, MessageBody: 'a' }, received);
      const sent = { ...request, caller: { ...request.caller, functionName } };
      ledger.note(sent, { status: 200, body: { Successful: [{ MessageId: id }] } });
    };
    send([], 'a');
    send(['a'], 'b');
    send(['b'], 'c', 'other');
    send([], 'd');
    send(['d', 'c'], 'e');
    expect(ledger.record.longestChains).toEqual({ 'stack-worker': 3, other: 1 });
  });

  test('the trace header is read as it was written, and one of Lambda’s own is none of ours', () => {
    const invocation = { functionName: 'stack-worker', startedAt: 1_700_000_000_000, received: ['a', 'b'] };
    expect(parseTrace(formatTrace(invocation))).toEqual(invocation);
    expect(parseTrace(formatTrace({ ...invocation, received: [] }))).toEqual({ ...invocation, received: [] });
    expect(parseTrace('Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1')).toBeUndefined();
  });
});
