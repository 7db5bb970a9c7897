/** The end of the time for an exchange. An AbortSignal would tell it too, and takes several times as long to listen to. */
export class Deadline {
  readonly #timer: NodeJS.Timeout;
  #turn: NodeJS.Immediate | undefined;
  #onOver: (() => void) | undefined;
  #isOver = false;

  constructor(ms: number) {
    // What has arrived is read first: a process that stood still finds the responses of that time after its timers.
    this.#timer = setTimeout(() => {
      this.#turn = setImmediate(() => this.#end());
    }, ms);
  }

  /** Has one listener at a time, the last. It is called at once when the time is over: nobody may wait for nothing. */
  listen(onOver: () => void): void {
    this.#onOver = onOver;
    if (this.#isOver) onOver();
  }

  clear(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
  }

  #end(): void {
    this.#isOver = true;
    this.#onOver?.();
  }
}
