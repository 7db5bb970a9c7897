import { LANGUAGE } from '../texts/index.ts';

// uPlot makes a formatter for the browser's language as it is loaded. Chrome on a Linux whose LANG is C says
// `en-US@posix`, which none takes, and the chart would stay empty.
if (!isKnown(navigator.language)) Object.defineProperty(navigator, 'language', { value: LANGUAGE });

function isKnown(language: string): boolean {
  try {
    return Intl.getCanonicalLocales(language).length > 0;
  } catch {
    return false;
  }
}
