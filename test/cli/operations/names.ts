/** Groups of operations that have no commands, and why. */
export const WITHOUT_COMMANDS: Readonly<Record<string, string>> = {
  veriswarm: 'the API of another platform, for the clients that it has already; its use cases have commands',
  ventryx: 'the API of another platform, for the clients that it has already; its use cases have commands',
};

/** Tags whose commands are found elsewhere. */
const GROUPS: Readonly<Record<string, string>> = { account: 'service' };

/** Operations whose path gives a name that is taken, or says too little. */
const NAMES: Readonly<Record<string, string>> = {
  retryDeliveries: 'retry-all',
  createPortalSession: 'create',
  listPortalSessions: 'list',
  getOwnPortalSession: 'current',
  getOpenapi: 'openapi',
  getWebhooks: 'webhooks',
  getHealth: 'health',
  getAlertMail: 'get',
  setAlertMail: 'set',
  removeAlertMail: 'remove',
  deleteEventPayload: 'delete-payload',
};

export function groupOf(tag: string): string {
  return GROUPS[tag] ?? tag;
}

/**
 * The name of an operation's command: the last word of its path where that is more than what the group says already
 * (`rotate-secret`), else the verb of its id (`create`, `list`, `get`).
 */
export function commandName(operation: { operationId: string; path: string; tag: string }): string {
  const { operationId, path, tag } = operation;
  const given = NAMES[operationId];
  if (given !== undefined) return given;
  const segments = path.split('/').slice(2);
  const last = segments.at(-1) ?? '';
  const saysMore = segments.length > 1 && !last.startsWith('{') && last !== tag;
  return saysMore ? last : (/^[a-z]+/.exec(operationId)?.[0] ?? operationId);
}
