import { open } from 'node:fs/promises';
import { ServiceFault } from '../../domain/errors.ts';
import type { RefusedMessage, RefusedMessages } from '../../ports/refused-messages.ts';

/** In a file of JSON lines, which only its owner can read, and which is made when the first one comes. */
export class RefusedLines implements RefusedMessages {
  readonly #path: string;
  readonly #now: () => number;

  constructor(path: string, now: () => number) {
    this.#path = path;
    this.#now = now;
  }

  async put({ source, messageId, code, why, body }: RefusedMessage): Promise<void> {
    const at = new Date(this.#now()).toISOString();
    const line = JSON.stringify({ at, source, message_id: messageId, error_code: code, error_message: why, body });
    try {
      await using file = await open(this.#path, 'a', 0o600);
      await file.appendFile(`${line}\n`);
      await file.datasync();
    } catch (cause) {
      throw new ServiceFault(`The file ${this.#path} can't be written.`, { cause });
    }
  }
}
