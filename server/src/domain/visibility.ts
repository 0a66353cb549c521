import { busyTimeOf, withoutPatient } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { ChangeBody } from '@slate/shared/changes';
import { scopeOf } from '@slate/shared/permissions';
import type { Role } from '@slate/shared/permissions';

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

export const isOwn = (item: Case, userId: string, surgeonIds: readonly string[]) =>
  item.createdBy === userId || (item.surgeonId !== null && surgeonIds.includes(item.surgeonId));

export function caseIn(view: View, item: Case): Case | null {
  if (view.kind === 'all') return item;
  if (view.kind === 'no-patients') return withoutPatient(item);
  return isOwn(item, view.userId, view.surgeonIds) ? item : null;
}

/** A change as someone with this view may see it. */
export function changeIn(view: View, body: ChangeBody): ChangeBody {
  if (view.kind === 'all' || body.type !== 'case') return body;
  const visible = caseIn(view, body.case);
  if (visible) return { ...body, case: visible };
  const busy = busyTimeOf(body.case);
  return busy ? { type: 'busy', busy } : { type: 'gone', id: body.case.id };
}
