/** How an answer is written. */
export const OUTPUTS = ['table', 'json', 'jsonl', 'quiet'] as const;

export type Output = (typeof OUTPUTS)[number];
