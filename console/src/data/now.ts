import { signal } from '@preact/signals';

/** The time, to the second, for what counts up or down. */
export const now = signal(Date.now());

setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 1000);
