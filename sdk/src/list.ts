import { NOT_OURS } from './answers.ts';
import { ApiError } from './errors.ts';
import type { CallOptions, Transport } from './transport.ts';

export interface Page<Row> {
  data: Row[];
  /** Pass it as `cursor` for the next page; null on the last. */
  next_cursor: string | null;
}

/**
 * A list of the API, read page by page as its rows are asked for. Nothing is sent before that, and each loop starts from
 * the beginning.
 */
export class List<Row> implements AsyncIterable<Row> {
  readonly #read: (cursor?: string) => Promise<Page<Row>>;

  constructor(transport: Transport, path: string, query: { cursor?: string } = {}, options: CallOptions = {}) {
    this.#read = async (cursor = query.cursor) =>
      pageOf(await transport.send<Page<Row>>({ method: 'GET', path, query: { ...query, cursor } }, options));
  }

  /** The first page, or the one that the query's `cursor` names. */
  page(): Promise<Page<Row>> {
    return this.#read();
  }

  /** All pages from there. */
  async *pages(): AsyncGenerator<Page<Row>, void, undefined> {
    let page = await this.#read();
    yield page;
    while (page.next_cursor) {
      page = await this.#read(page.next_cursor);
      yield page;
    }
  }

  /** All rows of all pages. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Row, void, undefined> {
    for await (const { data } of this.pages()) yield* data;
  }

  /** The first rows. @param limit how many at most */
  async take(limit: number): Promise<Row[]> {
    const rows: Row[] = [];
    if (limit < 1) return rows;
    for await (const row of this) if (rows.push(row) >= limit) break;
    return rows;
  }
}

/** @throws ApiError for the answer of another service, which has no page of rows */
export function pageOf<Row>(answer: Page<Row>): Page<Row> {
  if (Array.isArray(answer?.data)) return answer;
  throw new ApiError({ type: '/problems/unexplained', title: 'OK', status: 200, detail: NOT_OURS });
}
