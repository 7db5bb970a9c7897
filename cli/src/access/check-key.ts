import { isApiError } from '../../../sdk/src/errors.ts';
import type { Postrider } from '../../../sdk/src/postrider.ts';

/** A key that may do less than this call needs is good all the same. @throws what the service says of any other */
export async function checkKey(client: Postrider, signal: AbortSignal): Promise<void> {
  try {
    await client.endpoints.list({ limit: 1 }, { signal, retries: 0 }).page();
  } catch (error) {
    if (!isApiError(error, 'missing-scope')) throw error;
  }
}
