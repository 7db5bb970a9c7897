import { describe, expect, test } from 'vitest';
import { checkedAlertMail } from '../../lib/infra/alert-mail.ts';
import { Postrider } from '../../lib/infra/postrider.ts';
import { ofType, synthesize } from './synthesized.ts';

const FROM = 'postrider@mail.example.com';
const CONSOLE = 'https://hooks.example.com/';

/** A service without mail, and one that has it. */
const { resources } = synthesize({}, (stack) => {
  return new Postrider(stack, 'Second', { alertMail: { from: FROM, identity: 'example.com' }, consoleUrl: CONSOLE });
});

interface Statement {
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

const statements = ofType(resources, 'AWS::IAM::Policy').flatMap(([id, { Properties }]) =>
  (Properties.PolicyDocument.Statement as Statement[]).map((statement) => ({ id, ...statement })),
);
const withAction = (wanted: string) => statements.filter(({ Action }) => [Action].flat().includes(wanted));

test('the function that tells alerts, and the one that asks for confirmations, may mail as one address by one identity', () => {
  const mailing = statements.filter(({ Action }) => [Action].flat().some((action) => action.startsWith('ses:')));
  expect(mailing.map(({ id }) => id).toSorted()).toEqual([
    expect.stringMatching(/^SecondAccount/),
    expect.stringMatching(/^SecondJobs/),
  ]);
  for (const { Action, Resource, Condition } of mailing) {
    expect(Action).toBe('ses:SendEmail');
    expect(JSON.stringify(Resource)).toMatch(/:identity\/example\.com"/);
    expect(JSON.stringify(Resource)).not.toContain('*');
    expect(Condition).toEqual({ StringEquals: { 'ses:FromAddress': FROM } });
  }
});

test('where the identity has a configuration set, they have the right on that, too', () => {
  const { resources: withSet } = synthesize({ alertMail: { from: FROM, configurationSet: 'alerts' } });
  const mailing = ofType(withSet, 'AWS::IAM::Policy')
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as Statement[])
    .filter(({ Action }) => Action === 'ses:SendEmail');
  expect(mailing).toHaveLength(2);
  for (const { Resource, Condition } of mailing) {
    const names = (Resource as unknown[]).map((one) => /:([\w-]+\/[\w.-]+)"/.exec(JSON.stringify(one))?.[1]);
    expect(names.toSorted()).toEqual(['configuration-set/alerts', 'identity/mail.example.com']);
    expect(Condition).toEqual({ StringEquals: { 'ses:FromAddress': FROM } });
  }
});

test('they alone are told whom mails are from, and where the console is', () => {
  const told = ofType(resources, 'AWS::Lambda::Function').filter(
    ([, { Properties }]) => Properties.Environment?.Variables.POSTRIDER_MAIL_FROM === FROM,
  );
  expect(told.map(([id]) => id).toSorted()).toEqual([
    expect.stringMatching(/^SecondAccount/),
    expect.stringMatching(/^SecondJobs/),
  ]);
  for (const [, { Properties }] of told) expect(Properties.Environment.Variables.POSTRIDER_CONSOLE_URL).toBe(CONSOLE);
});

test('without mail no function may read an address to mail to, or write one', () => {
  const onAlerts = (action: string) =>
    withAction(`dynamodb:${action}`).filter(({ Condition }) => JSON.stringify(Condition ?? {}).includes('ALERTS#*'));
  expect(onAlerts('PutItem').map(({ id }) => id)).toEqual([expect.stringMatching(/^SecondAccount/)]);
  const readers = onAlerts('GetItem').map(({ id }) => id);
  expect(readers.filter((id) => id.includes('Jobs'))).toEqual([expect.stringMatching(/^SecondJobs/)]);
});

describe('alertMail', () => {
  test('takes the domain of its address as the identity, unless another is named', () => {
    expect(checkedAlertMail({ from: FROM })).toEqual({ from: FROM, identity: 'mail.example.com' });
    expect(checkedAlertMail({ from: FROM, identity: FROM })).toEqual({ from: FROM, identity: FROM });
  });

  test.each([
    { from: 'Postrider <postrider@example.com>' },
    { from: 'example.com' },
    { from: '*@example.com,a@example.com' },
    { from: FROM, identity: '*' },
    { from: FROM, identity: 'other.com' },
    { from: FROM, identity: 'ample.com' },
    { from: FROM, configurationSet: '*' },
  ])('%j is refused at synthesis', (props) => {
    expect(() => checkedAlertMail(props)).toThrow(/alertMail\./);
  });
});
