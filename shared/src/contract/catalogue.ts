import { z } from 'zod';
import { caseMinutes, equipmentNeeds, reason } from '../cases.ts';
import { id, line, queryDays } from '../fields.ts';
import {
  bedNights,
  capacity,
  procedure,
  resource,
  resourceAttributes,
  resourceKind,
  turnoverByRoom,
  version,
  word,
} from '../resources.ts';
import { reasonList } from '../reasons.ts';
import { closure, site, siteSettings } from '../sites.ts';
import { localDate, plannedTime, timeZone } from '../time.ts';
import { decided, decisions } from './decisions.ts';
import { atSite, revised } from './route.ts';
import type { Route } from './route.ts';

/** Cases to send to the depot, from a console that does not know `decisions`. */
export const bump = z.array(id).max(200).optional();

export const createResource = z.strictObject({
  kind: resourceKind,
  name: line(120),
  capacity: capacity.default(1),
  attributes: resourceAttributes.default({}),
});
export type CreateResource = z.infer<typeof createResource>;

export const changeResource = z.strictObject({
  version,
  name: line(120).optional(),
  capacity: capacity.optional(),
  active: z.boolean().optional(),
  attributes: resourceAttributes.optional(),
  bump,
  decisions,
});
export type ChangeResource = z.infer<typeof changeResource>;

export const createClosure = z.strictObject({
  resourceId: id,
  start: plannedTime,
  end: plannedTime,
  /** How many of a pool to close; default: all of it. */
  quantity: z.int().min(1).max(1000).optional(),
  reason,
  bump,
  decisions,
});
export type CreateClosure = z.infer<typeof createClosure>;

export const changeClosure = z.strictObject({
  version,
  start: plannedTime.optional(),
  end: plannedTime.optional(),
  quantity: z.int().min(1).max(1000).optional(),
  reason: reason.optional(),
  bump,
  decisions,
});
export type ChangeClosure = z.infer<typeof changeClosure>;

const procedureFields = {
  name: line(160),
  shortName: line(40).nullable(),
  service: word,
  minutes: caseMinutes,
  spread: z.int().min(0).max(720),
  setupMinutes: z.int().min(0).max(240),
  cleanupMinutes: z.int().min(0).max(240),
  turnoverByRoom,
  capabilities: z.array(word).max(20),
  equipment: equipmentNeeds,
  bed: bedNights.nullable(),
};
export const createProcedure = z.strictObject({
  ...procedureFields,
  shortName: procedureFields.shortName.default(null),
  spread: procedureFields.spread.default(0),
  turnoverByRoom: procedureFields.turnoverByRoom.default([]),
  capabilities: procedureFields.capabilities.default([]),
  equipment: procedureFields.equipment.default([]),
  bed: procedureFields.bed.default(null),
});
export type CreateProcedure = z.infer<typeof createProcedure>;
export const changeProcedure = z.strictObject({
  version,
  ...z.strictObject(procedureFields).partial().shape,
  active: z.boolean().optional(),
  /** Left out: booked cases stay as they are. */
  decisions,
});
export type ChangeProcedure = z.infer<typeof changeProcedure>;

export const changeSettings = z.strictObject({
  version,
  name: line(120).optional(),
  timeZone: timeZone.optional(),
  ...siteSettings.partial().shape,
});
export type ChangeSettings = z.infer<typeof changeSettings>;

/** The lists as they are from now on, in the order in which the reasons are offered. No code may be missing. */
export const changeReasons = z.strictObject({ version, reasons: reasonList });
export type ChangeReasons = z.infer<typeof changeReasons>;

export const catalogueRoutes = {
  resources: {
    method: 'get',
    path: '/sites/:site/resources',
    access: 'board.read',
    params: atSite,
    summary: 'Rooms, surgeons, equipment, beds and lists, including retired ones',
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
    body: createResource,
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
    body: changeResource,
    status: 200,
    reply: revised({ resource, bumped: z.array(id), decided }),
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
    body: createClosure,
    status: 201,
    reply: revised({ closure, bumped: z.array(id), decided }),
  },
  changeClosure: {
    method: 'patch',
    path: '/sites/:site/closures/:closure',
    access: 'closure.manage',
    command: true,
    params: z.strictObject({ site: id, closure: id }),
    summary: 'Change a closure',
    body: changeClosure,
    status: 200,
    reply: revised({ closure, bumped: z.array(id), decided }),
  },
  removeClosure: {
    method: 'delete',
    path: '/sites/:site/closures/:closure',
    access: 'closure.manage',
    command: true,
    params: z.strictObject({ site: id, closure: id }),
    summary: 'Remove a closure',
    status: 200,
    reply: revised({ id }),
  },
  procedures: {
    method: 'get',
    path: '/sites/:site/procedures',
    access: 'board.read',
    params: atSite,
    summary: 'All procedures',
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
    body: createProcedure,
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
    body: changeProcedure,
    status: 200,
    reply: revised({ procedure, decided }),
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
    body: changeSettings,
    status: 200,
    reply: revised({ site }),
  },
  changeReasons: {
    method: 'patch',
    path: '/sites/:site/reasons',
    access: 'reason.manage',
    command: true,
    params: atSite,
    summary: 'Change, add, order or retire the reasons of the site',
    body: changeReasons,
    status: 200,
    reply: revised({ site }),
  },
} as const satisfies Record<string, Route>;
