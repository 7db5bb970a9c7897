import { type Command, Option } from 'commander';
import { type EgressRules, loosenings, readEgressRules } from '../../domain/egress-rules.ts';
import { LOCAL_POLICY, STRICT_POLICY, type UrlPolicy } from '../../domain/url-policy.ts';
import { isLoopbackHost } from '../service/own-host.ts';
import { StartFailure } from '../service/start-failure.ts';

/** Where customers' endpoints may be, as the flags have it. */
export interface EgressFlags {
  egress?: 'strict' | 'local';
  refuseCidr?: readonly string[];
  allowCidr?: readonly string[];
  allowPort?: readonly string[];
  refuseHost?: readonly string[];
  allowHost?: readonly string[];
}

export function addEgressOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--egress <policy>',
        'endpoints: strict (HTTPS, public addresses) or local (also HTTP, also this machine); by default local only if --host is this machine',
      ).choices(['strict', 'local']),
    )
    .option('--refuse-cidr <network...>', 'send nothing to these networks, such as 203.0.113.0/24')
    .option('--allow-cidr <network...>', 'send to these networks although they are not public')
    .option(
      '--allow-port <port...>',
      'send to these ports only, such as 443 or 8000-8999 (default: 80, 443, 1024-65535)',
    )
    .option('--refuse-host <name...>', 'send nothing to these hosts and those below them')
    .option('--allow-host <name...>', 'send to these hosts and those below them only');
}

/** @throws StartFailure for a list that can't be read */
export function egressOf(flags: EgressFlags, host: string): { policy: UrlPolicy; warnings: string[] } {
  const isPublic = !isLoopbackHost(host);
  const kind = flags.egress ?? (isPublic ? 'strict' : 'local');
  const rules: EgressRules = {
    ...(flags.refuseCidr && { refusedCidrs: flags.refuseCidr }),
    ...(flags.allowCidr && { allowedCidrs: flags.allowCidr }),
    ...(flags.allowPort && { allowedPorts: flags.allowPort }),
    ...(flags.refuseHost && { refusedHosts: flags.refuseHost }),
    ...(flags.allowHost && { allowedHosts: flags.allowHost }),
  };
  try {
    const policy = { ...(kind === 'strict' ? STRICT_POLICY : LOCAL_POLICY), ...readEgressRules(rules) };
    return { policy, warnings: [...(isPublic && kind === 'local' ? [LOCAL_IN_PUBLIC] : []), ...loosenings(rules)] };
  } catch (cause) {
    if (cause instanceof RangeError) throw new StartFailure(cause.message, { cause });
    throw cause;
  }
}

const LOCAL_IN_PUBLIC =
  "With --egress local, everybody with a key may send requests to this machine's own services: leave it off in public.";
