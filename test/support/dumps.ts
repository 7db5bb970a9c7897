import { DatabaseSync } from 'node:sqlite';
import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';

/** Every row of every table of a SQLite file, as text. */
export function dumpOfFile(path: string): string {
  const database = new DatabaseSync(path, { readOnly: true });
  const names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const rows = names.map(({ name }) => [name, database.prepare(`SELECT * FROM "${name}"`).all()]);
  database.close();
  return JSON.stringify(rows, readable);
}

/** Every item of some tables, as text. */
export async function dumpOfTables(client: DynamoDBDocumentClient, tables: readonly string[]): Promise<string> {
  const pages = await Promise.all(tables.map((table) => client.send(new ScanCommand({ TableName: table }))));
  // A second page would be missing from the dump.
  if (pages.some(({ LastEvaluatedKey }) => LastEvaluatedKey)) throw new Error('The tables have more than a page.');
  return JSON.stringify(
    pages.map(({ Items }) => Items),
    readable,
  );
}

/** The bytes of answers as the text that they are. */
function readable(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString() : value;
}
