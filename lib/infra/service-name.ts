import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * What tells a service from the others of its account and region, in the names of alarms, metrics and the dashboard: the
 * stack's name, and below it the path to the service, which is left out for the usual `Postrider`, so that two services in
 * one stack do not collide.
 */
export function serviceNameOf(service: Construct): string {
  const stack = Stack.of(service);
  const path = service.node.path.slice(stack.node.path.length).split('/').filter(Boolean);
  const isUsual = path.length === 1 && path[0] === 'Postrider';
  return [stack.stackName, ...(isUsual ? [] : path)].join('-');
}
