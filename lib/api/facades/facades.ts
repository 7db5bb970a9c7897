/** The platforms whose management APIs can be served beside our own, by the names of their dialects. */
export const FACADES = ['veriswarm', 'ventryx'] as const;

export type Facade = (typeof FACADES)[number];
