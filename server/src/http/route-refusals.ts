import type { RouteName } from '@slate/shared/contract';
import type { Route } from '@slate/shared/contract/route';
import type { ErrorCode } from '@slate/shared/errors';
import { z } from 'zod';

/** Temporary refusals. Only these have `Retry-After`. */
export const temporary: readonly ErrorCode[] = ['in_progress', 'rate_limited', 'unavailable'];

const taken = ['slot_taken', 'pool_exhausted', 'resource_inactive'] as const;

/** Refusals of single routes, besides those that follow from the contract. */
const additional: { readonly [Name in RouteName]?: readonly ErrorCode[] } = {
  login: ['unauthenticated', 'forbidden'],
  changePassword: ['unauthenticated'],
  refresh: ['unauthenticated'],
  setUp: ['not_found'],
  readInvitation: ['not_found'],
  acceptInvitation: ['not_found', 'unauthenticated', 'forbidden'],
  changes: ['resync'],
  openings: ['resource_inactive'],
  placeHold: ['in_use', ...taken],
  changeCase: taken,
  placeCase: ['in_use', ...taken],
  takeOverHold: ['in_use'],
  moveCase: taken,
  moveCases: ['hold_expired', 'stale_version', ...taken],
  swapCases: ['hold_expired', ...taken],
  extendHold: ['in_use'],
  changeResource: ['in_use'],
  changeUser: ['in_use'],
  registerDevice: ['in_use', 'device_retired'],
  readDeviceSecret: ['in_use'],
  importSite: ['in_use'],
  loadDemo: ['in_use'],
  uploadImport: ['in_progress'],
  checkImport: ['in_use'],
  applyImport: ['in_use'],
  createClosure: ['in_use', ...taken],
  changeClosure: ['in_use', ...taken],
};

/** Every code with which this route can refuse a request. */
export function refusalsOf(name: RouteName, route: Route): ReadonlySet<ErrorCode> {
  const codes: ErrorCode[] = ['validation', 'rate_limited', 'internal', 'unavailable'];
  if (route.access !== 'public') codes.push('unauthenticated');
  if (route.access !== 'public' && route.access !== 'signed-in') codes.push('forbidden', 'not_found');
  if (route.body || route.file) codes.push('too_large');
  if (route.command) codes.push('in_progress', 'key_reused', 'queue_gap', 'device_retired');
  // A milestone is a fact: it is accepted in every state of the case.
  const onCase = route.command && 'case' in route.params.shape && name !== 'recordMilestone';
  if (onCase) codes.push('hold_expired', 'stale_version');
  if (route.body && hasVersion(route.body)) codes.push('stale_version');
  return new Set([...codes, ...(additional[name] ?? [])]);
}

const hasVersion = (schema: z.ZodType): boolean =>
  schema instanceof z.ZodObject &&
  ('version' in schema.shape || Object.values(schema.shape).some((each) => hasVersion(each as z.ZodType)));
