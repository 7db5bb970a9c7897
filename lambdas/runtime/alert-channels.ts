import { createSnsClient, snsTopic } from '../../lib/adapters/sns/topic.ts';
import type { AlertChannels } from '../../lib/ports/alert-channels.ts';
import type { Deployment } from './deployment.ts';
import { alertsTopic } from './settings.ts';

/** What the deployment has. */
export function openAlertChannels(deployment: Deployment): AlertChannels {
  const topic = alertsTopic(deployment);
  return topic === undefined ? {} : snsTopic(createSnsClient(), topic);
}
