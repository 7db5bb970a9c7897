/** What a deployment decides for the pipeline. */
export interface PipelineSettings {
  /** How long the log keeps events and deliveries, in milliseconds. */
  logTtlMs: number;
  /** How many bytes of a failed attempt's answer are kept: 0 to 16,384. */
  keptResponseBytes: number;
  /** How many endpoints a tenant may have. */
  maxEndpoints: number;
}

const DAY_MS = 24 * 3600 * 1000;

export const DEFAULT_SETTINGS: PipelineSettings = {
  logTtlMs: 30 * DAY_MS,
  keptResponseBytes: 1024,
  maxEndpoints: 100,
};
