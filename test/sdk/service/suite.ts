import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Backend, RunningBackend } from '../../e2e/backend.ts';
import { checks } from './checks.ts';
import { type Customer, startCustomer } from './customer.ts';

/** The SDK against a whole service. */
export function describeSdk(backend: Backend): void {
  describe(`the SDK, ${backend.name}`, () => {
    let service: RunningBackend;
    let customer: Customer;
    beforeAll(async () => {
      service = await backend.start();
      customer = await startCustomer();
    }, 60_000);
    afterAll(async () => {
      await customer.stop();
      await service.stop();
    });

    test.each(checks)('$promise', ({ run }) =>
      run({ baseUrl: service.url, apiKey: service.apiKey, customerUrl: customer.url }),
    );
  });
}
