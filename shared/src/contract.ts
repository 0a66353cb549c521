import { z } from 'zod';
import * as admin from './administration.ts';
import {
  board,
  boardQuery,
  caseHistory,
  casesPage,
  casesQuery,
  casesSearch,
  changesQuery,
  openingsReply,
  openingsSearch,
} from './board.ts';
import { changesBatch } from './changes.ts';
import * as commands from './commands.ts';
import { id, queryDays, queryLimit, queryNumber } from './fields.ts';
import * as identity from './identity.ts';
import type { Action } from './permissions.ts';
import { procedure, resource, resourceKind } from './resources.ts';
import { closure, site } from './sites.ts';
import { instant, localDate } from './time.ts';

/**
 * The whole of the HTTP API. Router, client, OpenAPI document and permission tests are made from this table;
 * a route that is not here does not exist.
 */
export type Route = {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  readonly path: string;
  readonly summary: string;
  /** `public`: anyone; `signed-in`: any account; otherwise what the caller's role must allow at the site. */
  readonly access: 'public' | 'signed-in' | Action;
  /** Which token bucket pays for it, beside the global one. `auth` counts by account and is paid once that is known. */
  readonly limit?: 'auth' | 'register' | 'read' | 'booking';
  /** What it takes out of that bucket, 1 unless said. A read costs about the milliseconds that it keeps the server busy. */
  readonly cost?: (asked: never) => number;
  /** A command changes something: it carries an idempotency key and is done exactly once. */
  readonly command?: true;
  readonly params: z.ZodObject;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly status: number;
  readonly reply: z.ZodType | null;
};

const none = z.strictObject({});
const atSite = z.strictObject({ site: id });
const atCase = z.strictObject({ site: id, case: id });

const page = {
  limit: queryLimit(200).default(100),
  cursor: z.string().min(1).max(200).optional(),
};
const pageCost = ({ limit }: { limit: number }) => 5 + limit / 10;
const revised = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject({ ...shape, revision: z.int() });

/** A command on one case: all of them look alike but for what is asked. */
const onCase = <Name extends string, Body extends z.ZodType>(
  name: Name,
  access: Action,
  body: Body,
  summary: string,
) =>
  ({
    method: 'post',
    path: `/sites/:site/cases/:case/${name}`,
    summary,
    access,
    limit: 'booking',
    command: true,
    params: atCase,
    body,
    status: 200,
    reply: commands.caseReply,
  }) as const;

export const routes = {
  // Identity
  register: {
    method: 'post',
    path: '/auth/register',
    access: 'public',
    limit: 'register',
    params: none,
    summary: 'Request an account; an administrator approves it',
    body: identity.register,
    status: 202,
    reply: z.strictObject({ status: z.literal('pending') }),
  },
  login: {
    method: 'post',
    path: '/auth/login',
    access: 'public',
    limit: 'auth',
    params: none,
    summary: 'Sign in',
    body: identity.login,
    status: 200,
    reply: identity.signedIn,
  },
  changePassword: {
    method: 'post',
    path: '/auth/password',
    access: 'public',
    limit: 'auth',
    params: none,
    summary: 'Change the password, end all sessions, and sign in anew',
    body: identity.changePassword,
    status: 200,
    reply: identity.signedIn,
  },
  refresh: {
    method: 'post',
    path: '/auth/refresh',
    access: 'public',
    params: none,
    summary: 'Trade a refresh token for new tokens; each works once',
    body: identity.refresh,
    status: 200,
    reply: identity.tokens,
  },
  logout: {
    method: 'post',
    path: '/auth/logout',
    access: 'public',
    params: none,
    summary: 'End the session of a refresh token',
    body: identity.refresh,
    status: 204,
    reply: null,
  },
  me: {
    method: 'get',
    path: '/me',
    access: 'signed-in',
    params: none,
    summary: 'Who I am, and my role at each site',
    status: 200,
    reply: identity.me,
  },
  sites: {
    method: 'get',
    path: '/sites',
    access: 'signed-in',
    params: none,
    summary: 'The sites I have a role at',
    status: 200,
    reply: z.strictObject({ sites: z.array(site) }),
  },

  // Reading
  board: {
    method: 'get',
    path: '/sites/:site/board',
    access: 'board.read',
    limit: 'read',
    cost: ({ days }: { days: number }) => 20 + days,
    params: atSite,
    summary: 'Everything on the board for 1 to 14 days',
    query: boardQuery,
    status: 200,
    reply: board,
  },
  changes: {
    method: 'get',
    path: '/sites/:site/changes',
    access: 'board.read',
    limit: 'read',
    cost: pageCost,
    params: atSite,
    summary: 'What happened after a revision',
    query: changesQuery,
    status: 200,
    reply: changesBatch,
  },
  openings: {
    method: 'post',
    path: '/sites/:site/openings',
    access: 'openings.search',
    limit: 'read',
    cost: ({ days }: { days: number }) => 10 + days,
    params: atSite,
    summary: 'Where a case would fit, ranked',
    body: openingsSearch,
    status: 200,
    reply: openingsReply,
  },
  cases: {
    method: 'get',
    path: '/sites/:site/cases',
    access: 'cases.read',
    limit: 'read',
    cost: pageCost,
    params: atSite,
    summary: 'Cases by day, surgeon, room or state',
    query: casesQuery,
    status: 200,
    reply: casesPage,
  },
  searchCases: {
    method: 'post',
    path: '/sites/:site/cases/search',
    access: 'cases.read',
    limit: 'read',
    cost: pageCost,
    params: atSite,
    summary: 'Cases of a patient',
    body: casesSearch,
    status: 200,
    reply: casesPage,
  },
  case: {
    method: 'get',
    path: '/sites/:site/cases/:case',
    access: 'cases.read',
    limit: 'read',
    cost: () => 5,
    params: atCase,
    summary: 'One case and what happened to it',
    status: 200,
    reply: caseHistory,
  },

  // Booking
  placeHold: {
    method: 'post',
    path: '/sites/:site/holds',
    access: 'case.hold',
    limit: 'booking',
    command: true,
    params: atSite,
    summary: 'Hold a room and all else a new case needs, for a short time',
    body: commands.placeHold,
    status: 201,
    reply: commands.caseReply,
  },
  changeCase: {
    method: 'patch',
    path: '/sites/:site/cases/:case',
    access: 'case.hold',
    limit: 'booking',
    command: true,
    params: atCase,
    summary: 'Change what a case is and needs',
    body: commands.changeCase,
    status: 200,
    reply: commands.caseReply,
  },
  extendHold: onCase('extend', 'case.hold', commands.extendHold, 'Keep a hold for longer, up to the limit'),
  takeOverHold: onCase('takeover', 'hold.takeover', commands.takeOverHold, "Make another's hold one's own"),
  confirmCase: onCase('confirm', 'case.hold', commands.confirmCase, 'Book a hold, or confirm a booked case'),
  releaseHold: onCase('release', 'case.hold', commands.releaseHold, 'Give a hold back'),
  addToDepot: {
    method: 'post',
    path: '/sites/:site/cases',
    access: 'case.schedule',
    limit: 'booking',
    command: true,
    params: atSite,
    summary: 'Add a case that needs a time to the depot',
    body: commands.addToDepot,
    status: 201,
    reply: commands.caseReply,
  },
  placeCase: onCase('place', 'case.schedule', commands.placeCase, 'Hold a time for a case of the depot'),
  moveCase: onCase('move', 'case.schedule', commands.moveCase, 'Move a case to another room or time'),
  bumpCase: onCase('bump', 'case.schedule', commands.bumpCase, 'Send a case back to the depot'),
  cancelCase: onCase('cancel', 'case.schedule', commands.cancelCase, 'Cancel a case'),
  voidCase: onCase('void', 'case.void', commands.voidCase, 'Void a case that was entered in error'),
  recordMilestone: {
    ...onCase(
      'milestones',
      'milestone.record',
      commands.recordMilestone,
      'Record what happened and when, or withdraw it',
    ),
    reply: commands.milestoneReply,
  },
  swapCases: {
    method: 'post',
    path: '/sites/:site/swaps',
    access: 'case.schedule',
    limit: 'booking',
    command: true,
    params: atSite,
    summary: 'Let two cases trade places',
    body: commands.swapCases,
    status: 200,
    reply: commands.swapReply,
  },

  // Administration
  resources: {
    method: 'get',
    path: '/sites/:site/resources',
    access: 'board.read',
    params: atSite,
    summary: 'Rooms, surgeons, equipment, beds and lists, retired ones included',
    query: z.strictObject({ kind: resourceKind.optional() }),
    status: 200,
    reply: z.strictObject({ resources: z.array(resource) }),
  },
  createResource: {
    method: 'post',
    path: '/sites/:site/resources',
    access: 'resource.manage',
    command: true,
    params: atSite,
    summary: 'Add a resource',
    body: admin.createResource,
    status: 201,
    reply: revised({ resource }),
  },
  changeResource: {
    method: 'patch',
    path: '/sites/:site/resources/:resource',
    access: 'resource.manage',
    command: true,
    params: z.strictObject({ site: id, resource: id }),
    summary: 'Rename, resize, retire or bring back a resource',
    body: admin.changeResource,
    status: 200,
    reply: revised({ resource, bumped: z.array(id) }),
  },
  closures: {
    method: 'get',
    path: '/sites/:site/closures',
    access: 'board.read',
    limit: 'read',
    cost: () => 5,
    params: atSite,
    summary: 'Closures by day',
    query: z.strictObject({ date: localDate, days: queryDays(366).default(1) }),
    status: 200,
    reply: z.strictObject({ closures: z.array(closure) }),
  },
  createClosure: {
    method: 'post',
    path: '/sites/:site/closures',
    access: 'closure.manage',
    command: true,
    params: atSite,
    summary: 'Close a resource for a while',
    body: admin.createClosure,
    status: 201,
    reply: revised({ closure, bumped: z.array(id) }),
  },
  changeClosure: {
    method: 'patch',
    path: '/sites/:site/closures/:closure',
    access: 'closure.manage',
    command: true,
    params: z.strictObject({ site: id, closure: id }),
    summary: 'Change a closure',
    body: admin.changeClosure,
    status: 200,
    reply: revised({ closure, bumped: z.array(id) }),
  },
  removeClosure: {
    method: 'delete',
    path: '/sites/:site/closures/:closure',
    access: 'closure.manage',
    command: true,
    params: z.strictObject({ site: id, closure: id }),
    summary: 'Open again what was closed',
    status: 200,
    reply: revised({ id }),
  },
  procedures: {
    method: 'get',
    path: '/sites/:site/procedures',
    access: 'board.read',
    params: atSite,
    summary: 'The catalogue of procedures',
    status: 200,
    reply: z.strictObject({ procedures: z.array(procedure) }),
  },
  createProcedure: {
    method: 'post',
    path: '/sites/:site/procedures',
    access: 'procedure.manage',
    command: true,
    params: atSite,
    summary: 'Add a procedure',
    body: admin.createProcedure,
    status: 201,
    reply: revised({ procedure }),
  },
  changeProcedure: {
    method: 'patch',
    path: '/sites/:site/procedures/:procedure',
    access: 'procedure.manage',
    command: true,
    params: z.strictObject({ site: id, procedure: id }),
    summary: 'Change a procedure',
    body: admin.changeProcedure,
    status: 200,
    reply: revised({ procedure }),
  },
  settings: {
    method: 'get',
    path: '/sites/:site/settings',
    access: 'board.read',
    params: atSite,
    summary: 'Name, time zone and settings of the site',
    status: 200,
    reply: z.strictObject({ site }),
  },
  changeSettings: {
    method: 'patch',
    path: '/sites/:site/settings',
    access: 'settings.manage',
    command: true,
    params: atSite,
    summary: 'Change the settings of the site',
    body: admin.changeSettings,
    status: 200,
    reply: revised({ site }),
  },
  users: {
    method: 'get',
    path: '/sites/:site/users',
    access: 'user.manage',
    limit: 'read',
    cost: pageCost,
    params: atSite,
    summary: 'People of the site, and who waits for approval',
    query: z.strictObject({ status: z.enum(['pending', 'active', 'disabled']).optional(), ...page }),
    status: 200,
    reply: z.strictObject({ users: z.array(admin.member), next: z.string().nullable() }),
  },
  changeUser: {
    method: 'patch',
    path: '/sites/:site/users/:user',
    access: 'user.manage',
    command: true,
    params: z.strictObject({ site: id, user: id }),
    summary: 'Approve, disable, enable, or change the role of a person',
    body: admin.changeMember,
    status: 200,
    reply: revised({ user: admin.member, temporaryPassword: admin.temporaryPassword.nullable() }),
  },
  resetPassword: {
    method: 'post',
    path: '/sites/:site/users/:user/password-reset',
    access: 'user.manage',
    command: true,
    params: z.strictObject({ site: id, user: id }),
    summary: 'Give a person a temporary password, to be changed within a day',
    body: admin.resetPassword,
    status: 200,
    reply: revised({ user: admin.member, temporaryPassword: admin.temporaryPassword }),
  },
  audit: {
    method: 'get',
    path: '/sites/:site/audit',
    access: 'audit.read',
    limit: 'read',
    cost: pageCost,
    params: atSite,
    summary: 'Who did what, who read what, and who signed in, latest first',
    query: z.strictObject({
      chain: admin.auditChain.default('commands'),
      before: queryNumber(z.int().min(1)).optional(),
      limit: page.limit,
    }),
    status: 200,
    reply: z.strictObject({ at: instant, entries: z.array(admin.auditEntry) }),
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;
type Out<Schema> = Schema extends z.ZodType ? z.infer<Schema> : undefined;
type Part<R, Key extends string> = R extends Record<Key, infer Schema> ? Out<Schema> : undefined;

/** What a handler is given, parsed, and what it must answer. */
export type RouteInput<Name extends RouteName> = {
  params: Part<(typeof routes)[Name], 'params'>;
  query: Part<(typeof routes)[Name], 'query'>;
  body: Part<(typeof routes)[Name], 'body'>;
};
export type RouteReply<Name extends RouteName> = Part<(typeof routes)[Name], 'reply'>;
