import type { DocumentTable, Expression } from '../access/document-table.ts';
import type { Item } from '../access/item.ts';
import { metaKey, settingsChangeKey, settingsChangesPk } from '../layout/keys.ts';
import { HOT_ITEM_COPIES, everyShard } from '../layout/shards.ts';

const FIRST_COPY = 0;
const OTHER_COPIES = everyShard(HOT_ITEM_COPIES).slice(1);
const SETTINGS = ['eventsPerSecond', 'eventTypePolicy'] as const;
const PAGE_SIZE = 100;

/**
 * What the platform has set of a tenant, in the copies of the tenant's small item (docs/adr/0014). A change is noted, then
 * made in the first copy, which raises its version, then in the copies that are behind. What a crash leaves behind has
 * its note, by which sweep finds it.
 */
export class TenantSettings {
  readonly #config: DocumentTable;
  readonly #now: () => number;

  /** @param now milliseconds since the Unix epoch */
  constructor(config: DocumentTable, now: () => number) {
    this.#config = config;
    this.#now = now;
  }

  /** @param change of settings alone */
  async change(tenantId: string, change: Expression): Promise<void> {
    const noting = { text: 'SET #at = :at ADD #changes :one', values: { ':at': this.#now(), ':one': 1 } };
    const note = await this.#config.updateIf(settingsChangeKey(tenantId), noting);
    const raising = {
      text: `${change.text} ADD #settings_version :one`,
      values: { ...change.values, ':one': 1 },
    };
    await this.#replaceOthers(tenantId, await this.#config.updateIf(metaKey(tenantId, FIRST_COPY), raising));
    await this.#forget(note);
  }

  /** Completes the changes that were noted before a moment, and whose processes have died. */
  async complete(notedBefore: number): Promise<void> {
    const keys = { text: '#pk = :pk', values: { ':pk': settingsChangesPk } };
    for await (const note of this.#config.query({ keys, pageSize: PAGE_SIZE, consistent: true })) {
      if (Number(note.at) >= notedBefore) continue;
      await this.#replaceOthers(note.sk, await this.#config.get(metaKey(note.sk, FIRST_COPY)));
      await this.#forget(note);
    }
  }

  /** Each copy that has a lower version than the first one gets its settings. */
  async #replaceOthers(tenantId: string, first: Item | undefined): Promise<void> {
    if (first?.settings_version === undefined) return;
    const { text, values } = copied(first);
    const isBehind = { text: 'attribute_not_exists(#settings_version) OR #settings_version < :version' };
    await Promise.all(
      OTHER_COPIES.map((copy) => this.#config.updateIf(metaKey(tenantId, copy), { text, values }, isBehind)),
    );
  }

  /** Unless another change was noted since. */
  async #forget(note: Item | undefined): Promise<void> {
    if (!note) return;
    const isSame = { text: '#changes = :changes', values: { ':changes': note.changes } };
    await this.#config.deleteIf({ pk: note.pk, sk: note.sk }, isSame);
  }
}

/** The change that gives another copy the settings of the first one. */
function copied(first: Item): Required<Expression> {
  const present = SETTINGS.filter((name) => first[name] !== undefined);
  const absent = SETTINGS.filter((name) => first[name] === undefined);
  const sets = ['#settings_version = :version', ...present.map((name) => `#${name} = :${name}`)];
  const removal = absent.length > 0 ? ` REMOVE ${absent.map((name) => `#${name}`).join(', ')}` : '';
  const values = Object.fromEntries(present.map((name) => [`:${name}`, first[name]]));
  return { text: `SET ${sets.join(', ')}${removal}`, values: { ':version': first.settings_version, ...values } };
}
