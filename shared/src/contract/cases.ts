import { z } from 'zod';
import {
  caseMinutes,
  equipmentNeeds,
  note,
  patientRef,
  reason,
  hasProcedureOrTitle,
  surgicalCase,
  turnoverMinutes,
  urgency,
  missingProcedure,
} from '../cases.ts';
import { milestone } from '../case-state.ts';
import { blocker } from '../errors.ts';
import { id, line } from '../fields.ts';
import type { Action } from '../permissions.ts';
import { bedNights, version, word } from '../resources.ts';
import { instant, plannedTime } from '../time.ts';
import { reasonCode } from '../reasons.ts';
import { atCase, atSite } from './route.ts';
import type { Route } from './route.ts';

// The console parses these before it sends them and the server when they arrive, so that both refuse the same input with
// the same words.

/** A missing field gets the default of the procedure, the room or the site. `null` means none. */
const details = {
  procedureId: id.nullable().optional(),
  title: line(160).nullable().optional(),
  surgeonId: id.nullable().optional(),
  service: word.nullable().optional(),
  patientRef: patientRef.nullable().optional(),
  equipment: equipmentNeeds.optional(),
  bed: bedNights.nullable().optional(),
  minutes: caseMinutes.optional(),
  setupMinutes: turnoverMinutes.optional(),
  cleanupMinutes: turnoverMinutes.optional(),
  urgency: urgency.optional(),
  dueBy: instant.nullable().optional(),
  note: note.nullable().optional(),
};
/** The text of a reason, and its code if it is from the site's list. Without the text, the code does not count. */
const override = { overrideReason: reason.optional(), overrideReasonCode: reasonCode.optional() };

/** A time in a room, or a place on a list (its next free turn, unless the request names a start). */
const placement = {
  roomId: id.optional(),
  start: plannedTime.optional(),
  blockId: id.optional(),
};
type PlacementBody = { roomId?: unknown; start?: unknown; blockId?: unknown };
const isPlacement = (body: PlacementBody) =>
  body.blockId !== undefined
    ? body.roomId === undefined
    : body.roomId !== undefined && body.start !== undefined;
const hasNoPlacement = ({ roomId, start, blockId }: PlacementBody) =>
  roomId === undefined && start === undefined && blockId === undefined;
const placementError = {
  path: ['start'],
  error: 'Give a room and a start, or the block of a list (with a start, or for its next free place).',
};
/** The same rule in the JSON Schema. */
const placementSchema = {
  description: placementError.error,
  oneOf: [
    { required: ['roomId', 'start'], not: { required: ['blockId'] } },
    { required: ['blockId'], not: { required: ['roomId'] } },
  ],
};

export const placeHold = z
  .strictObject({ ...placement, ...details, ...override })
  .refine(isPlacement, placementError)
  .meta(placementSchema);
export type PlaceHold = z.infer<typeof placeHold>;

/** `scheduled` books a hold; `confirmed` confirms a booked case the evening before. */
const to = z.enum(['scheduled', 'confirmed']);

/** Takes a case from the depot to the board: as a hold or, with `to`, already booked. */
export const placeCase = z
  .strictObject({
    version,
    ...placement,
    minutes: caseMinutes.optional(),
    to: to.optional(),
    ...override,
  })
  .refine(isPlacement, placementError)
  .meta(placementSchema);
export type PlaceCase = z.infer<typeof placeCase>;

export const addToDepot = z
  .strictObject(details)
  .refine(hasProcedureOrTitle, { path: [missingProcedure.field], error: missingProcedure.reason })
  .meta({
    description: missingProcedure.reason,
    anyOf: ['procedureId', 'title'].map((field) => ({
      required: [field],
      properties: { [field]: { not: { type: 'null' } } },
    })),
  });
export type AddToDepot = z.infer<typeof addToDepot>;

/** Without a version, a request states facts, which are merged with what others have changed meanwhile. */
const factsOnly = {
  path: ['version'],
  error: 'Give the version that you saw. Only a note with noteBefore and minutes with madeAt go without it.',
};
const factPairs = [
  ['note', 'noteBefore'],
  ['minutes', 'madeAt'],
] as const;
type FactsBody = { version?: unknown; noteBefore?: unknown; madeAt?: unknown };
function isEditOrFacts(body: FactsBody): boolean {
  const fields = Object.entries(body).flatMap(([field, value]) => (value === undefined ? [] : [field]));
  if (body.version !== undefined) return body.noteBefore === undefined && body.madeAt === undefined;
  const facts = factPairs.filter(([fact, how]) => fields.includes(fact) && fields.includes(how)).flat();
  return facts.length > 0 && facts.length === fields.length;
}

/** Changes the details, the place and the booking of a case in one step: everything or nothing. */
export const changeCase = z
  .strictObject({
    version: version.optional(),
    ...placement,
    ...details,
    to: to.optional(),
    /** Null removes the stored reason. */
    overrideReason: reason.nullable().optional(),
    overrideReasonCode: reasonCode.optional(),
    /** The note that was there when `note` was written. Text that others wrote since stays. */
    noteBefore: note.nullable().optional(),
    /** When `minutes` was entered for a case in progress. A value that was entered later counts instead. */
    madeAt: instant.optional(),
  })
  .refine((body) => hasNoPlacement(body) || isPlacement(body), placementError)
  .refine(isEditOrFacts, factsOnly)
  .meta({
    description:
      'Either all the changes happen or none. The place is optional. A note with `noteBefore`, and the `minutes` of a case in progress with `madeAt`, need no `version`: they are merged with the changes of others.',
    oneOf: [
      ...placementSchema.oneOf,
      { not: { anyOf: Object.keys(placement).map((field) => ({ required: [field] })) } },
    ],
    anyOf: [
      { required: ['version'], properties: { noteBefore: false, madeAt: false } },
      {
        anyOf: factPairs.map((pair) => ({ required: [...pair] })),
        dependentRequired: {
          note: ['noteBefore'],
          noteBefore: ['note'],
          minutes: ['madeAt'],
          madeAt: ['minutes'],
        },
        propertyNames: { enum: factPairs.flat() },
      },
    ],
  });
export type ChangeCase = z.infer<typeof changeCase>;

const move = {
  version,
  roomId: id,
  start: plannedTime,
  minutes: caseMinutes.optional(),
  ...override,
};
export const moveCase = z.strictObject(move);

/** Moves all of the cases or none. A case may move to a time that another one gives up. */
export const moveCases = z.strictObject({
  moves: z
    .array(z.strictObject({ caseId: id, ...move }))
    .min(1)
    .max(100)
    .refine(
      (moves) => new Set(moves.map(({ caseId }) => caseId)).size === moves.length,
      'Each case can be listed only once.',
    )
    .meta({ description: 'Each case once.' }),
  /** Why the cases are late, if they are. */
  delayReason: reason.optional(),
  delayReasonCode: reasonCode.optional(),
});
export type MoveCases = z.infer<typeof moveCases>;

/** Each case gets the other's room and start, and keeps its own length. */
export const swapCases = z
  .strictObject({
    first: z.strictObject({ caseId: id, version }),
    second: z.strictObject({ caseId: id, version }),
    ...override,
  })
  .refine((swap) => swap.first.caseId !== swap.second.caseId, {
    path: ['second', 'caseId'],
    error: 'Must be a different case from the first.',
  })
  .meta({ description: 'Two different cases.' });
export type SwapCases = z.infer<typeof swapCases>;

export const confirmCase = z.strictObject({ to: to.default('scheduled') });

export const extendHold = z.strictObject({});
export const takeOverHold = z.strictObject({});
export const releaseHold = z.strictObject({ reason: reason.optional(), reasonCode: reasonCode.optional() });
export type ReleaseHold = z.infer<typeof releaseHold>;

const withReason = { reason, reasonCode: reasonCode.optional() };
export const cancelCase = z.strictObject({ version, ...withReason });
export const bumpCase = z.strictObject({ version, ...withReason });
export const voidCase = z.strictObject({ version, ...withReason });
export type WithReason = z.infer<typeof cancelCase>;

/** Recording a milestone again corrects it. `at: null` withdraws it. */
export const recordMilestone = z.strictObject({
  milestone,
  at: instant.nullable(),
  /** When it was entered, if it is sent later. A time of the same milestone that was entered later counts instead. */
  madeAt: instant.optional(),
});
export type RecordMilestone = z.infer<typeof recordMilestone>;

export const caseReply = z.strictObject({ case: surgicalCase, revision: z.int() });
export type CaseReply = z.infer<typeof caseReply>;
/** `taken`: the time that the case uses or would claim, but that others have already claimed. */
export const milestoneReply = z.strictObject({ ...caseReply.shape, taken: z.array(blocker) });
export const movesReply = z.strictObject({ cases: z.array(surgicalCase), revision: z.int() });
export const swapReply = z.strictObject({ cases: z.array(surgicalCase).length(2), revision: z.int() });

/** Commands on one case differ only in their arguments. */
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
    reply: caseReply,
  }) as const;

export const caseRoutes = {
  placeHold: {
    method: 'post',
    path: '/sites/:site/holds',
    access: 'case.hold',
    limit: 'booking',
    command: true,
    params: atSite,
    summary: 'Hold a room and everything else a new case needs, for a short time',
    body: placeHold,
    status: 201,
    reply: caseReply,
  },
  changeCase: {
    method: 'patch',
    path: '/sites/:site/cases/:case',
    access: 'case.hold',
    limit: 'booking',
    command: true,
    params: atCase,
    summary: 'Change the details, the place or the booking of a case',
    body: changeCase,
    status: 200,
    reply: caseReply,
  },
  extendHold: onCase('extend', 'case.hold', extendHold, 'Extend a hold, up to the limit'),
  takeOverHold: onCase('takeover', 'hold.takeover', takeOverHold, "Take over another person's hold"),
  confirmCase: onCase('confirm', 'case.hold', confirmCase, 'Book a hold, or confirm a booked case'),
  releaseHold: onCase('release', 'case.hold', releaseHold, 'Release a hold'),
  addToDepot: {
    method: 'post',
    path: '/sites/:site/cases',
    access: 'case.schedule',
    limit: 'booking',
    command: true,
    params: atSite,
    summary: 'Add a case without a time to the depot',
    body: addToDepot,
    status: 201,
    reply: caseReply,
  },
  placeCase: onCase('place', 'case.schedule', placeCase, 'Hold or book a time for a case in the depot'),
  moveCase: onCase('move', 'case.schedule', moveCase, 'Move a case to another room or time'),
  bumpCase: onCase('bump', 'case.schedule', bumpCase, 'Bump a case: send it back to the depot'),
  cancelCase: onCase('cancel', 'case.schedule', cancelCase, 'Cancel a case'),
  voidCase: onCase('void', 'case.void', voidCase, 'Void a case that was entered in error'),
  recordMilestone: {
    ...onCase('milestones', 'milestone.record', recordMilestone, 'Record, correct or withdraw a milestone'),
    reply: milestoneReply,
  },
  moveCases: {
    method: 'post',
    path: '/sites/:site/moves',
    access: 'case.schedule',
    limit: 'booking',
    command: true,
    params: atSite,
    summary: 'Move several cases: all of them or none',
    body: moveCases,
    status: 200,
    reply: movesReply,
  },
  swapCases: {
    method: 'post',
    path: '/sites/:site/swaps',
    access: 'case.schedule',
    limit: 'booking',
    command: true,
    params: atSite,
    summary: 'Swap two cases',
    body: swapCases,
    status: 200,
    reply: swapReply,
  },
} as const satisfies Record<string, Route>;
