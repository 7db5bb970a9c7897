import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * What the AWS SDK's clients take credentials from, in the place of the package `@aws-sdk/credential-provider-node`: the
 * environment, where Lambda puts those of a function's role (Lambda Developer Guide, "Defined runtime environment
 * variables"). `lib/infra/bundled-lambda.ts` puts it there.
 */
export function defaultProvider() {
  return fromEnv();
}
