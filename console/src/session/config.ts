/** What `config.json` beside the page says, read once at run time. */
export interface Config {
  /** Where the API is, relative to the page. */
  api: string;
}

export async function readConfig(): Promise<Config> {
  const response = await fetch('./config.json', { credentials: 'omit' });
  const given = (await response.json()) as Partial<Config>;
  return { api: given.api ?? '/' };
}
