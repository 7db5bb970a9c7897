type Mood = 'good' | 'bad' | 'begun' | 'neutral';

const MOODS: ReadonlyMap<string, Mood> = new Map([
  ...['done', 'completed', 'success', 'delivered', 'verified', 'fulfilled'].map((word) => [word, 'good'] as const),
  ...['blocked', 'failed', 'rejected', 'killed'].map((word) => [word, 'bad'] as const),
  ['started', 'begun'],
]);

const COLOURS = { good: 0x2eb67d, bad: 0xe01e5a, begun: 0x36c5f0, neutral: 0x9aa0a6 } as const satisfies Record<
  Mood,
  number
>;

/**
 * The colour of an event by how it ended, as 0xRRGGBB: green, red, blue for what has begun, otherwise grey. The last
 * word of its type decides; a type that says nothing of it leaves it to the `status` of the data.
 */
export function colourOf(type: string, status: unknown): number {
  const ofType = MOODS.get(type.split('.').at(-1) as string);
  const ofStatus = typeof status === 'string' ? MOODS.get(status.toLowerCase()) : undefined;
  return COLOURS[ofType ?? ofStatus ?? 'neutral'];
}
