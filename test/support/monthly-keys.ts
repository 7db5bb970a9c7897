import { createKmsSecretBox } from '../../lib/adapters/kms/secret-box.ts';
import type { Endpoint } from '../../lib/domain/endpoint.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import { MemoryDataKeys } from './memory-data-keys.ts';
import { TestKms } from './test-kms.ts';
import type { World } from './world.ts';

const MONTH = 31 * 24 * 3_600_000;

/** Secrets of a world sealed as on AWS: under a data key of each month. */
export class MonthlyKeys {
  readonly #kms = new TestKms();
  readonly #dataKeys = new MemoryDataKeys();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    this.restart();
  }

  /** As in processes that begin now, and have unwrapped no key. */
  restart(): void {
    const { clock, random, ports } = this.#world;
    const options = { client: this.#kms.client, keyId: 'alias/postrider', dataKeys: this.#dataKeys, clock, random };
    ports.secrets = createKmsSecretBox(options);
  }

  /** @returns the wrapped key of the month that ends, which from now on opens nothing that is sealed anew */
  async nextMonth(): Promise<string> {
    const old = [...this.#dataKeys.byPeriod.values()].at(-1) as string;
    await this.#world.clock.advance(MONTH);
    return old;
  }
}

/** Everything of an endpoint that is sealed. */
export function sealedOf({ secrets, standardSecrets = [], privateKeys = [], headers, auth }: Endpoint): string[] {
  const all = [...secrets, ...standardSecrets, ...privateKeys, ...(headers ? [headers] : []), ...(auth ? [auth] : [])];
  return all.map(({ sealed }) => sealed);
}

/** Gives a tenant a second factor. */
export async function enrol(ports: Pick<Ports, 'factors' | 'secrets'>, tenantId: string | undefined, secret: string) {
  const id = `factor-of-${tenantId}`;
  await ports.factors.replaceIfVersion(
    {
      id,
      ...(tenantId !== undefined && { tenantId }),
      status: 'on',
      sealedSecret: await ports.secrets.seal(secret, `mfa/${id}/${tenantId ?? ''}`),
      createdAt: 1,
      lastStep: 0,
      recoveryHashes: [],
      wrongAt: [],
      stepUps: {},
      version: 'first',
    },
    undefined,
  );
}
