import { z } from 'zod';
import { caseMinutes, equipmentNeeds, reason } from './cases.ts';
import { actor, id, line } from './fields.ts';
import { role } from './permissions.ts';
import { bedNights, capacity, resourceAttributes, resourceKind, version, word } from './resources.ts';
import { siteSettings } from './sites.ts';
import { instant, plannedTime, timeZone } from './time.ts';

/** Cases that may be sent to the depot so that a cut, a retirement or a closure can happen. */
const bump = z.array(id).max(200).optional();

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
});
export type ChangeResource = z.infer<typeof changeResource>;

export const createClosure = z.strictObject({
  resourceId: id,
  start: plannedTime,
  end: plannedTime,
  /** How many of a pool are closed; all of it when left out. */
  quantity: z.int().min(1).max(1000).optional(),
  reason,
  bump,
});
export type CreateClosure = z.infer<typeof createClosure>;

export const changeClosure = z.strictObject({
  version,
  start: plannedTime.optional(),
  end: plannedTime.optional(),
  quantity: z.int().min(1).max(1000).optional(),
  reason: reason.optional(),
  bump,
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
  capabilities: z.array(word).max(20),
  equipment: equipmentNeeds,
  bed: bedNights.nullable(),
};
export const createProcedure = z.strictObject({
  ...procedureFields,
  shortName: procedureFields.shortName.default(null),
  spread: procedureFields.spread.default(0),
  capabilities: procedureFields.capabilities.default([]),
  equipment: procedureFields.equipment.default([]),
  bed: procedureFields.bed.default(null),
});
export type CreateProcedure = z.infer<typeof createProcedure>;
export const changeProcedure = z.strictObject({
  version,
  ...z.strictObject(procedureFields).partial().shape,
  active: z.boolean().optional(),
});
export type ChangeProcedure = z.infer<typeof changeProcedure>;

export const changeSettings = z.strictObject({
  version,
  name: line(120).optional(),
  timeZone: timeZone.optional(),
  ...siteSettings.partial().shape,
});
export type ChangeSettings = z.infer<typeof changeSettings>;

/** A person as an administrator sees them at one site. */
export const member = z.strictObject({
  id,
  email: z.string(),
  name: z.string(),
  /** `pending` has registered and waits for an administrator; `disabled` can no longer come in. */
  status: z.enum(['pending', 'active', 'disabled']),
  role: role.nullable(),
  /** The surgeons an office works for. */
  surgeonIds: z.array(id),
  version,
});
export type Member = z.infer<typeof member>;

export const changeMember = z.strictObject({
  version,
  /** `null` takes the person off this site. */
  role: role.nullable().optional(),
  surgeonIds: z.array(id).max(100).optional(),
  status: z.enum(['active', 'disabled']).optional(),
});
export type ChangeMember = z.infer<typeof changeMember>;

/** Good for a day, and only to choose another. Approving or enabling a person makes one too. */
export const temporaryPassword = z.string();

export const resetPassword = z.strictObject({ version });
export type ResetPassword = z.infer<typeof resetPassword>;

/** What was done, who read about patients (or tried what is forbidden), and who signed in. */
export const auditChain = z.enum(['commands', 'reads', 'identity']);
export const auditEntry = z.strictObject({
  chain: auditChain,
  seq: z.int(),
  at: instant,
  actor: actor.nullable(),
  action: z.string(),
  detail: z.record(z.string(), z.unknown()),
});
