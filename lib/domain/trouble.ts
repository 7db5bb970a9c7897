/** What is wrong with an endpoint. Held: paused, and holding deliveries. */
export const TROUBLES = ['failing', 'paused', 'held'] as const;
export type Trouble = (typeof TROUBLES)[number];
