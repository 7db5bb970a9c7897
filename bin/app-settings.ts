import { readFileSync } from 'node:fs';
import { FACADES, type Facade } from '../lib/api/facades/facades.ts';
import type { PostriderProps } from '../lib/infra/postrider-props.ts';
import { readSourcesFile } from './sources-file.ts';

/** What `cdk deploy -c name=value` says of the stack. */
export interface AppSettings {
  stackName: string;
  /** The topic that every alarm tells, by its ARN. */
  alarmTopicArn: string | undefined;
  props: PostriderProps;
}

/**
 * @param textOf a value, by its name
 * @throws RangeError for a value that can't be
 */
export function appSettings(textOf: (name: string) => string | undefined): AppSettings {
  const accountConcurrency = textOf('accountConcurrency');
  const frameAncestors = textOf('console');
  const dialectsFile = textOf('dialects');
  const sourcesFile = textOf('sources');
  const alertsTopic = textOf('alertsTopicArn');
  const alertMailFrom = textOf('alertMailFrom');
  return {
    stackName: textOf('stackName') ?? 'Postrider',
    alarmTopicArn: textOf('alarmTopicArn'),
    props: {
      ...egressOf(textOf('egress')),
      ...(accountConcurrency !== undefined && { accountConcurrency: Number(accountConcurrency) }),
      facades: facadesOf(textOf('facades')),
      ...(frameAncestors !== undefined && { console: { frameAncestors: frameAncestors.split(',') } }),
      ...(dialectsFile !== undefined && { dialects: JSON.parse(readFileSync(dialectsFile, 'utf8')) }),
      ...(sourcesFile !== undefined && { sources: readSourcesFile(sourcesFile) }),
      ...(alertsTopic !== undefined && { alertsTopic }),
      ...(alertMailFrom !== undefined && { alertMail: { from: alertMailFrom } }),
    },
  };
}

function egressOf(kind: string | undefined): Pick<PostriderProps, 'egress'> {
  if (kind === undefined) return {};
  if (kind === 'lambda' || kind === 'static-ips') return { egress: { kind } };
  throw new RangeError(`-c egress=${kind}: it must be lambda or static-ips`);
}

function facadesOf(text: string | undefined): readonly Facade[] {
  const names = text?.split(',') ?? [];
  const unknown = names.find((name) => !(FACADES as readonly string[]).includes(name));
  if (unknown !== undefined) throw new RangeError(`-c facades=${unknown}: each must be ${FACADES.join(' or ')}`);
  return FACADES.filter((name) => names.includes(name));
}
