import { changesPlatform, readsPlatform, withoutFields } from '../../route-kinds.ts';
import type { Route } from '../../route.ts';
import { brake, brakeQuery } from './schemas.ts';

const ofBrake = { path: '/v1/brake', query: brakeQuery, response: brake } as const;

export const brakeRoutes = {
  get: {
    ...readsPlatform,
    ...ofBrake,
    id: 'brake.get',
    operationId: 'getBrake',
    summary: 'Since when sending is braked, for all tenants or for one.',
  },
  set: {
    ...changesPlatform,
    ...ofBrake,
    ...withoutFields,
    id: 'brake.set',
    operationId: 'setBrake',
    method: 'PUT',
    summary: 'Stops all sending, or one tenant’s. Events are accepted on; nothing is lost.',
    refuses: ['too-many-brakes', 'tenant-erased'],
  },
  release: {
    ...changesPlatform,
    ...ofBrake,
    id: 'brake.release',
    operationId: 'releaseBrake',
    method: 'DELETE',
    summary: 'Lets sending go on; what was stopped goes out within five minutes.',
  },
} as const satisfies Record<string, Route>;
