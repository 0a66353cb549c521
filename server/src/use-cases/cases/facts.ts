import { hasLeft, isInRoom } from '@slate/shared/case-state';
import { note as anyNote } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { ChangeCase } from '@slate/shared/contract/cases';
import { actionFor, scopeOf } from '@slate/shared/permissions';
import { addMinutes } from '@slate/shared/time';
import { forbidden } from '../../commands/command.ts';
import { checkHolder, checkHoldNotExpired, commandOnCase } from '../../commands/command-on-case.ts';
import type { CommandDeps, CommandRequest, Context } from '../../commands/context.ts';
import { lastEntered } from '../../db/changes.sql.ts';
import { maybeOne } from '../../db/query.ts';
import { invalid, Refusal } from '../../domain/refusal.ts';
import { editCase } from './change-case.ts';

/**
 * Merges a note, or the expected length of a case in progress, from a desk that saw an older version of the case. Later
 * changes by others do not cause a refusal.
 */
export const mergeFacts = (
  deps: CommandDeps,
  request: CommandRequest,
  caseId: string,
  { note, noteBefore, minutes, madeAt }: ChangeCase,
) =>
  commandOnCase(
    deps,
    request,
    { caseId, commands: [], action: 'case.hold', cause: 'changed', claims: false },
    async (before, context) => {
      checkHoldNotExpired(before, 'change', context);
      checkHolder(before, context);
      if (scopeOf(context.role, actionFor('change', before.state)) === 'none') throw forbidden(context.role);
      const merged = {
        note: note === undefined ? before.note : mergedNote(before.note, noteBefore ?? null, note),
        minutes:
          minutes !== undefined && madeAt !== undefined && (await countsAsLength(context, before, madeAt))
            ? minutes
            : before.minutes,
      };
      if (merged.note === before.note && merged.minutes === before.minutes) return { after: before };
      const { after } = await editCase(context, before, { details: merged, placement: null });
      return { after, claims: after.minutes !== before.minutes, madeAt };
    },
  );

/** Keeps what others wrote since, and adds what is new in this note. */
function mergedNote(stored: string | null, before: string | null, note: string | null): string | null {
  if (stored === before) return note;
  // Others wrote something that this person has not seen, so it stays.
  if (note === null) return stored;
  const addition = before !== null && note.startsWith(before) ? note.slice(before.length).trim() : note;
  if (addition === '' || `\n${stored}\n`.includes(`\n${addition}\n`)) return stored;
  const both = anyNote.safeParse(stored === null ? addition : `${stored}\n${addition}`);
  if (both.success) return both.data;
  throw invalid('note', 'Is too long together with what others wrote since. Shorten it, then save it again.');
}

/** Once the patient has left, the length is known. Before the patient is in the room, another length is a new plan. */
async function countsAsLength(context: Context, item: Case, madeAt: string): Promise<boolean> {
  if (hasLeft(item.state)) return false;
  if (isInRoom(item.state)) return isLatest(context, item.id, ['minutes'], madeAt);
  throw new Refusal(
    'stale_version',
    `Case ${item.number} isn’t in progress, so another length changes its plan. Check it before you continue.`,
  );
}

/** Whether no later value of this field has been entered. */
export async function isLatest(
  { tx, request, began }: Context,
  caseId: string,
  field: readonly string[],
  madeAt: string,
): Promise<boolean> {
  if (madeAt > addMinutes(began, 5)) throw invalid('madeAt', 'Can’t be in the future.');
  const last = await maybeOne(tx, lastEntered, [request.siteId, caseId, field]);
  return last === undefined || last.entered_at <= madeAt;
}
