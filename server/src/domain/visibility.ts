import { busyTimeOf, onWall } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { Change, ChangeBody } from '@slate/shared/changes';
import { scopeOf } from '@slate/shared/permissions';
import type { Role } from '@slate/shared/permissions';
import type { Closure } from '@slate/shared/sites';

/** What someone may see of a site. Two people with equal views see the same, byte for byte. */
export type View =
  | { readonly kind: 'all' }
  | { readonly kind: 'no-patients' }
  | { readonly kind: 'own'; readonly userId: string; readonly surgeonIds: readonly string[] };

export function viewOf(role: Role, userId: string, surgeonIds: readonly string[]): View {
  if (scopeOf(role, 'board.read') === 'own') return { kind: 'own', userId, surgeonIds };
  return scopeOf(role, 'patients.read') === 'any' ? { kind: 'all' } : { kind: 'no-patients' };
}

/** A name for the view, equal for equal views: what caches and socket rooms go by. */
export const viewKey = (view: View) =>
  view.kind === 'own' ? `own:${view.userId}:${view.surgeonIds.toSorted().join(',')}` : view.kind;

/** Whether all that was seen with one view may be seen with another of the same person. */
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

/** Why something is closed is typed by a person, as a title is. */
export const closureIn = (view: View, item: Closure): Closure =>
  view.kind === 'no-patients'
    ? { ...item, reason: 'Closed', createdBy: { ...item.createdBy, name: '' } }
    : item;

/** A change as someone with this view may see it. Who did what to a case that one does not see is unseen too. */
export function changeIn(view: View, item: Change): Change {
  const body = bodyIn(view, item.body);
  const isTold = body.type === item.body.type && view.kind !== 'no-patients';
  return { ...item, by: isTold ? item.by : null, body };
}

function bodyIn(view: View, body: ChangeBody): ChangeBody {
  if (view.kind === 'all') return body;
  if (body.type === 'closure') return { ...body, closure: closureIn(view, body.closure) };
  if (body.type !== 'case') return body;
  const visible = caseIn(view, body.case);
  if (visible && view.kind === 'no-patients') return { type: 'case', cause: body.cause, case: visible };
  if (visible) return { ...body, case: visible };
  const busy = busyTimeOf(body.case);
  return busy ? { type: 'busy', busy } : { type: 'gone', id: body.case.id };
}
