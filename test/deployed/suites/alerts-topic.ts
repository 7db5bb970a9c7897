import type { Message } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { type Json, eventually } from '../../e2e/api.ts';
import type { StackName } from '../cloud/deployment.ts';
import { aws } from '../cloud/stack.ts';
import { RareScene } from './rare-scene.ts';

/** What a topic of SNS is told, as a queue that subscribes to it hears it. */
export function describeAlertsTopic(stackName: StackName): void {
  describe('topics, deployed', () => {
    const scene = new RareScene('topics', stackName);
    const { stack, surroundings } = scene.deployment;
    const hears = async (url: string, isIt: (notification: Json) => boolean): Promise<Json> => {
      const heard: Message[] = [];
      const find = () => heard.map(({ Body = '' }) => JSON.parse(Body)).find(isIt);
      return eventually(async () => {
        heard.push(...(await scene.take(url)));
        return find();
      }, Boolean);
    };

    test('an alert is published to the operator’s topic, whether or not an endpoint asks for it', async () => {
      const { id } = await scene.api.endpoint({ url: 'https://example.com/hook', label: 'Orders' });
      await scene.api.change(id, 'pause');
      const about = ({ MessageAttributes: { tenant_id: tenant } }: Json) => tenant.Value === scene.tenant;
      const { Message: text, MessageAttributes, Subject } = await hears(surroundings.alerts, about);
      expect(Subject).toBe(`postrider.endpoint.paused of ${scene.tenant}`);
      expect(MessageAttributes.type.Value).toBe('postrider.endpoint.paused');
      const data = { endpoint_id: id, label: 'Orders', reason: 'manual' };
      expect(JSON.parse(text)).toMatchObject({ type: 'postrider.endpoint.paused', tenant_id: scene.tenant, data });
    });

    test('an alarm tells the topic of alarms, and names its section of the runbook', async () => {
      const name = `${stack.name}-poison`;
      const alarm = ['--alarm-name', name, '--state-reason', 'test'];
      const set = (state: string) => aws(stack, 'cloudwatch', 'set-alarm-state', ...alarm, '--state-value', state);
      await set('ALARM');
      const told = ({ Message: text }: Json) => JSON.parse(text).AlarmName === name;
      const { Message: text } = await hears(surroundings.alarms, told);
      await set('OK');
      expect(JSON.parse(text).AlarmDescription).toBe('docs/runbook.md, section "poison"');
    });
  });
}
