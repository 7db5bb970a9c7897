import { describe, expect, test } from 'vitest';
import { appSettings } from '../../bin/app-settings.ts';

const told = (context: Record<string, string>) => appSettings((name) => context[name]);

describe('what cdk deploy is told by -c', () => {
  test('is nothing by default', () => {
    expect(told({})).toEqual({ stackName: 'Postrider', alarmTopicArn: undefined, props: { facades: [] } });
  });

  test('becomes what the construct takes', () => {
    const context = {
      stackName: 'Hooks',
      alarmTopicArn: 'arn:alarms',
      alertsTopicArn: 'arn:alerts',
      alertMailFrom: 'postrider@example.com',
      accountConcurrency: '10',
      egress: 'static-ips',
      facades: 'ventryx,veriswarm',
      console: "'self',https://app.example",
    };
    expect(told(context)).toEqual({
      stackName: 'Hooks',
      alarmTopicArn: 'arn:alarms',
      props: {
        accountConcurrency: 10,
        alertMail: { from: 'postrider@example.com' },
        alertsTopic: 'arn:alerts',
        console: { frameAncestors: ["'self'", 'https://app.example'] },
        egress: { kind: 'static-ips' },
        facades: ['veriswarm', 'ventryx'],
      },
    });
  });

  test.each([
    [{ egress: 'static' }, '-c egress=static: it must be lambda or static-ips'],
    [{ facades: 'ventryx,svix' }, '-c facades=svix: each must be veriswarm or ventryx'],
  ])('is refused when it can’t be: %o', (context, why) => {
    expect(() => told(context)).toThrow(why);
  });
});
