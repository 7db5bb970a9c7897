import type { Context } from 'aws-lambda';

/** What Lambda tells an invocation: of a function that may take so long from now on. */
export function lambdaContext(functionName: string, timeoutMs: number): Context {
  const end = Date.now() + timeoutMs;
  return {
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:eu-central-1:000000000000:function:${functionName}`,
    memoryLimitInMB: '512',
    awsRequestId: crypto.randomUUID(),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'e2e',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => end - Date.now(),
    // Of Lambda's first years; nothing may use them.
    done: noLongerThere,
    fail: noLongerThere,
    succeed: noLongerThere,
  };
}

function noLongerThere(): never {
  throw new Error('A handler answers with its promise.');
}
