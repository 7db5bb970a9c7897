/** An error that whoever typed the command can mend: the message says how. */
export class Refusal extends Error {
  override name = 'Refusal';
}

/** There is no key for the service. */
export class NoKey extends Refusal {}

/** The command did its work, and what it found is a failure: it has said so already. */
export class Failed extends Error {
  override name = 'Failed';
}
