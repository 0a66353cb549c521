import { busyTimeOf, onWall } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { Change, ChangeBody } from '@slate/shared/changes';
import { scopeOf } from '@slate/shared/permissions';
import type { Role } from '@slate/shared/permissions';
import type { RecurringClosure } from '@slate/shared/recurring-closures';
import type { Closure } from '@slate/shared/sites';

/** The part of a site that a person may see. Equal views get the same bytes. */
export type View =
  | { readonly kind: 'all' }
  | { readonly kind: 'no-patients' }
  | { readonly kind: 'own'; readonly userId: string; readonly surgeonIds: readonly string[] };

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

export function caseIn(view: View, item: Case): Case | null {
  if (view.kind === 'all') return item;
  if (view.kind === 'no-patients') return onWall(item);
  return isOwn(item, view.userId, view.surgeonIds) ? item : null;
}

/** Removes the typed reason and the name where patients are hidden. */
export const closureIn = <Item extends Closure | RecurringClosure>(view: View, item: Item): Item =>
  view.kind === 'no-patients'
    ? { ...item, reason: 'Closed', createdBy: { ...item.createdBy, name: '' } }
    : item;

/** A change as seen in this view. The author is hidden where the case is hidden. */
export function changeIn(view: View, item: Change): Change {
  const body = bodyIn(view, item.body);
  const showsAuthor = body.type === item.body.type && view.kind !== 'no-patients';
  return { ...item, by: showsAuthor ? item.by : null, body };
}

function bodyIn(view: View, body: ChangeBody): ChangeBody {
  if (view.kind === 'all') return body;
  if (body.type === 'closure') return { ...body, closure: closureIn(view, body.closure) };
  if (body.type === 'recurring_closure') return { ...body, recurring: closureIn(view, body.recurring) };
  if (body.type !== 'case') return body;
  const visible = caseIn(view, body.case);
  if (visible && view.kind === 'no-patients') return { type: 'case', cause: body.cause, case: visible };
  if (visible) return { ...body, case: visible };
  const busy = busyTimeOf(body.case);
  return busy ? { type: 'busy', busy } : { type: 'gone', id: body.case.id };
}
