import type { BlockTemplate } from '@slate/shared/block-templates';
import { busyTimeOf, onWall } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { Change, ChangeBody } from '@slate/shared/changes';
import { scopeOf } from '@slate/shared/permissions';
import type { Role } from '@slate/shared/permissions';
import type { RecurringClosure } from '@slate/shared/recurring-closures';
import type { Block, Closure, WallSettings } from '@slate/shared/sites';

/** The part of a site that a person may see. Equal views get the same bytes. */
export type View =
  | { readonly kind: 'all' }
  | { readonly kind: 'no-patients' }
  | { readonly kind: 'own'; readonly userId: string; readonly surgeonIds: readonly string[] };

export const wallHidesAll: WallSettings = { wallProcedures: false, wallSurgeons: false, wallNumbers: false };

export function viewOf(role: Role, userId: string, surgeonIds: readonly string[]): View {
  if (scopeOf(role, 'board.read') === 'own') return { kind: 'own', userId, surgeonIds };
  return scopeOf(role, 'patients.read') === 'any' ? { kind: 'all' } : { kind: 'no-patients' };
}

/** Equal for equal views: the key of caches and socket rooms. */
export const viewKey = (view: View) =>
  view.kind === 'own' ? `own:${view.userId}:${view.surgeonIds.toSorted().join(',')}` : view.kind;

/** Whether everything visible in the earlier view is visible in the current one of the same person. */
export const seesAsMuch = (now: View, before: View) =>
  now.kind === 'all' ||
  (now.kind === 'own' &&
    before.kind === 'own' &&
    before.surgeonIds.every((surgeonId) => now.surgeonIds.includes(surgeonId)));

export const isOwn = (item: Case, userId: string, surgeonIds: readonly string[]) =>
  item.createdBy === userId || (item.surgeonId !== null && surgeonIds.includes(item.surgeonId));

/** Without settings, a wall board gets nothing that a setting can hide. */
export function caseIn(view: View, item: Case, settings = wallHidesAll): Case | null {
  if (view.kind === 'all') return item;
  if (view.kind === 'no-patients') return hiddenBy(settings, onWall(item));
  return isOwn(item, view.userId, view.surgeonIds) ? item : null;
}

/** Equipment and bed would give the procedure away. */
const hiddenBy = ({ wallProcedures, wallSurgeons, wallNumbers }: WallSettings, item: Case): Case => ({
  ...item,
  ...(!wallProcedures && { procedureId: null, equipment: [], bed: null }),
  ...(!wallSurgeons && { surgeonId: null }),
  ...(!wallNumbers && { number: 0 }),
});

/** The surgeons of a block would give away those of its cases. */
export const blockIn = <Item extends Block | BlockTemplate['plan']>(
  view: View,
  item: Item,
  { wallSurgeons }: WallSettings,
): Item =>
  view.kind === 'no-patients' && !wallSurgeons
    ? { ...item, surgeonId: null, alsoSurgeonIds: undefined }
    : item;

/** Removes the typed reason and the name where patients are hidden. */
export const closureIn = <Item extends Closure | RecurringClosure>(view: View, item: Item): Item =>
  view.kind === 'no-patients'
    ? { ...item, reason: 'Closed', createdBy: { ...item.createdBy, name: '' } }
    : item;

/** A change as seen in this view. The author is hidden where the case is hidden. */
export function changeIn(view: View, item: Change, settings: WallSettings): Change {
  const body = bodyIn(view, item.body, settings);
  const showsAuthor = body.type === item.body.type && view.kind !== 'no-patients';
  return { ...item, by: showsAuthor ? item.by : null, body };
}

function bodyIn(view: View, body: ChangeBody, settings: WallSettings): ChangeBody {
  if (view.kind === 'all') return body;
  if (body.type === 'closure') return { ...body, closure: closureIn(view, body.closure) };
  if (body.type === 'recurring_closure') return { ...body, recurring: closureIn(view, body.recurring) };
  if (body.type === 'block') return { ...body, block: blockIn(view, body.block, settings) };
  if (body.type === 'block_template') {
    const planIn = (plan: BlockTemplate['plan']) => blockIn(view, plan, settings);
    const { plan, exceptions, ...template } = body.template;
    const shown = exceptions.map((each) => ({ ...each, plan: each.plan && planIn(each.plan) }));
    return { ...body, template: { ...template, plan: planIn(plan), exceptions: shown } };
  }
  if (body.type !== 'case') return body;
  const visible = caseIn(view, body.case, settings);
  if (visible && view.kind === 'no-patients') return { type: 'case', cause: body.cause, case: visible };
  if (visible) return { ...body, case: visible };
  const busy = busyTimeOf(body.case);
  return busy ? { type: 'busy', busy } : { type: 'gone', id: body.case.id };
}
