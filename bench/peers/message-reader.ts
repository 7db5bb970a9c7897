const HEAD_END = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: *(\d+)/i;

/** The first line of an HTTP message with its headers, and its body. */
export interface HttpMessage {
  head: string;
  body: string;
}

/**
 * Cuts what arrives on a connection into HTTP messages whose bodies have a `Content-Length`. Node's own parser would take
 * several times as much of the machine that the service is measured on.
 */
export class MessageReader {
  #text = '';

  /** @param text latin1, so that a character is a byte */
  *read(text: string): Generator<HttpMessage> {
    this.#text += text;
    for (;;) {
      const headEnd = this.#text.indexOf(HEAD_END);
      if (headEnd < 0) return;
      const head = this.#text.slice(0, headEnd);
      const bodyStart = headEnd + HEAD_END.length;
      const end = bodyStart + Number(LENGTH.exec(head)?.[1] ?? 0);
      if (this.#text.length < end) return;
      const body = this.#text.slice(bodyStart, end);
      this.#text = this.#text.slice(end);
      yield { head, body };
    }
  }
}
