import type { Delivery } from '../delivery.ts';
import { stateOf, transition } from '../delivery-state.ts';
import type { Trigger } from '../delivery-triggers.ts';

/**
 * A record that may be written, because the table allows its status. It shows none of its fields, so it can't be changed
 * on its way to the store, and a store takes no other object for one. Only `change.ts` makes them, and only the stores
 * open them (test/architecture.test.ts).
 */
export class NextDelivery {
  readonly #record: Readonly<Delivery>;

  /**
   * @param read the record as it was read; revision 0: there is none
   * @param next what is to be written in its place
   * @throws Error when the table allows no such status for this trigger: a fault of ours
   */
  constructor(read: Delivery, trigger: Trigger, next: Delivery) {
    if (!transition(read, trigger).to.includes(next.status))
      throw new Error(`A delivery in state ${stateOf(read)} must not become ${next.status} when ${trigger}.`);
    this.#record = Object.freeze({ ...next });
  }

  /** The record to write, with the revision that was read. @throws TypeError for what the constructor has not made */
  static recordIn(next: NextDelivery): Readonly<Delivery> {
    return next.#record;
  }
}
