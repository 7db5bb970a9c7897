import type { AlertChannels } from '../../lib/ports/alert-channels.ts';
import type { Deployment } from './deployment.ts';
import { alertsTopic } from './settings.ts';

type Topic = Required<Pick<AlertChannels, 'publish'>>;

/** What the deployment has. SNS's client is loaded for the first alert, and not at a cold start. */
export function openAlertChannels(deployment: Deployment): AlertChannels {
  const arn = alertsTopic(deployment);
  if (arn === undefined) return {};
  let made: Promise<Topic> | undefined;
  return {
    async publish(message) {
      made ??= import('../../lib/adapters/sns/topic.ts').then(({ createSnsClient, snsTopic }) =>
        snsTopic(createSnsClient(), arn),
      );
      return (await made).publish(message);
    },
  };
}
