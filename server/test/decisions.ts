import type { Case } from '@slate/shared/cases';
import type { PlaceHold } from '@slate/shared/contract/cases';
import type { PlannedChange, UndoChange } from '@slate/shared/contract/consequences';
import type { Decision } from '@slate/shared/contract/decisions';
import { casesInTheWay, runChange } from '../src/use-cases/catalogue/planned-change.ts';
import { administrator, book } from './administer.ts';
import { at } from './hospital.ts';
import type { Setting } from './hospital.ts';

// Helpers for tests of changes with cases in their way, and of the decisions about them.

export const preview = (setting: Setting, change: PlannedChange) =>
  casesInTheWay(setting.deps, { siteId: setting.siteId, userId: setting.users.administrator }, change);
export const run = (setting: Setting, change: PlannedChange) =>
  runChange(setting.deps, administrator(setting), change);
/** The cases that a change decided, as its reply names them. */
export const decidedIn = (body: Record<string, unknown>) => body['decided'] as UndoChange['putBack'];

/** Closes the first room tomorrow from 08:00 to 12:00. */
export const closing = (
  { rooms }: Setting,
  decisions?: Decision[],
): Extract<PlannedChange, { command: 'createClosure' }> => ({
  command: 'createClosure',
  body: { resourceId: rooms[0], start: at('08:00'), end: at('12:00'), reason: 'Water damage', decisions },
});

export const moveTo = ({ id, version }: Case, roomId: string, start: string): Decision => ({
  action: 'move',
  caseId: id,
  version,
  roomId,
  start,
});
export const toDepot = ({ id, version }: Case, reason = 'Water damage'): Decision => ({
  action: 'depot',
  caseId: id,
  version,
  reason,
});
export const leave = ({ id, version }: Case, note?: string): Decision => ({
  action: 'leave',
  caseId: id,
  version,
  note,
});
export const carry = ({ id, version }: Case): Decision => ({ action: 'carry', caseId: id, version });

/** Books a case tomorrow in a room, with the surgeon of the same number. */
export const bookIn = (setting: Setting, room: 0 | 1 | 2, start: string, more: Partial<PlaceHold> = {}) =>
  book(setting, {
    roomId: setting.rooms[room],
    surgeonId: setting.surgeons[room],
    start: at(start),
    ...more,
  });
