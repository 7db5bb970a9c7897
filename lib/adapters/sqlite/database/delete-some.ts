/** The statement that deletes up to `:limit` rows of a table. @param key what tells its rows apart */
export function deleteSome(table: string, key: string, where: string): string {
  return `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${where} LIMIT :limit)`;
}
