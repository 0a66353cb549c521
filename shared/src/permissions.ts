import { z } from 'zod';
import type { CaseCommand, CaseState } from './case-state.ts';

export const role = z.enum(['wall', 'viewer', 'office', 'coordinator', 'administrator']);
export type Role = z.infer<typeof role>;

/**
 * The allowed actions of each role; anything else is forbidden. `own` restricts an action to the caller's own cases: cases of a
 * surgeon the caller works for, and cases the caller placed.
 */
const grants = {
  'board.read': { wall: 'any', viewer: 'any', office: 'own', coordinator: 'any', administrator: 'any' },
  'patients.read': { viewer: 'any', office: 'own', coordinator: 'any', administrator: 'any' },
  'cases.read': { viewer: 'any', office: 'own', coordinator: 'any', administrator: 'any' },
  /** `own`: searches for the caller's surgeons only. */
  'openings.search': { viewer: 'any', office: 'own', coordinator: 'any', administrator: 'any' },
  /** Place, change, extend, book or release a hold; `own` cannot book for other surgeons. */
  'case.hold': { office: 'own', coordinator: 'any', administrator: 'any' },
  'hold.takeover': { coordinator: 'any', administrator: 'any' },
  /** Any change to a booked case or to the depot. */
  'case.schedule': { coordinator: 'any', administrator: 'any' },
  'case.void': { coordinator: 'any', administrator: 'any' },
  'milestone.record': { coordinator: 'any', administrator: 'any' },
  'closure.manage': { coordinator: 'any', administrator: 'any' },
  'resource.manage': { administrator: 'any' },
  'procedure.manage': { administrator: 'any' },
  'block.manage': { administrator: 'any' },
  'user.manage': { administrator: 'any' },
  'settings.manage': { administrator: 'any' },
  'site.export': { administrator: 'any' },
  'site.import': { administrator: 'any' },
  'import.manage': { administrator: 'any' },
  'reason.manage': { administrator: 'any' },
  'audit.read': { administrator: 'any' },
  /** A desk with a queue. A wall board needs none. */
  'device.use': { viewer: 'any', office: 'any', coordinator: 'any', administrator: 'any' },
  'device.manage': { administrator: 'any' },
} as const satisfies Record<string, Partial<Record<Role, 'any' | 'own'>>>;

export type Action = keyof typeof grants;
export const actions = Object.keys(grants) as Action[];

export const scopeOf = (who: Role, action: Action): 'any' | 'own' | 'none' =>
  (grants[action] as Partial<Record<Role, 'any' | 'own'>>)[who] ?? 'none';

const actionOf = {
  place: 'case.schedule',
  extend: 'case.hold',
  takeover: 'hold.takeover',
  release: 'case.hold',
  book: 'case.hold',
  confirm: 'case.schedule',
  change: 'case.schedule',
  move: 'case.schedule',
  bump: 'case.schedule',
  cancel: 'case.schedule',
  void: 'case.void',
} as const satisfies Record<CaseCommand, Action>;

/** The action that a command on a case in this state requires. The holder may change a hold. */
export const actionFor = (command: CaseCommand, state: CaseState): Action =>
  command === 'change' && state === 'held' ? 'case.hold' : actionOf[command];
