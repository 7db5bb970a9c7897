/** The statement that deletes up to `:limit` rows of a table. @param key what tells its rows apart */
export function deleteSome(table: string, key: string, where: string): string {
  return `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${where} LIMIT :limit)`;
}

/** Looks at the first `:limit` rows alone, and deletes those of them that fulfil a condition. */
export function deleteOldest(table: string, condition: string): string {
  return `DELETE FROM ${table} WHERE ${condition} AND row IN (SELECT row FROM ${table} ORDER BY row LIMIT :limit)`;
}
