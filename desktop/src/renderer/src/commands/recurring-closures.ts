import type { Decision } from '@slate/shared/contract/decisions';
import type { CreateRecurringClosure } from '@slate/shared/contract/recurring-closures';
import type { RecurringClosure } from '@slate/shared/recurring-closures';
import { nameOf } from '../stores/board.ts';
import { adminWords, recurringWords as words } from '../words/administration.ts';
import { saveAll, takeBack, undoInTurn, withDecisions } from './administration.ts';
import type { Saving } from './administration.ts';

type Rule = Omit<CreateRecurringClosure, 'bump' | 'decisions'>;
type Decisions = readonly Decision[] | null;

/** Returns `Terminal cleaning of OR 1`. */
export const recurringName = ({ reason, resourceId }: Pick<Rule, 'reason' | 'resourceId'>) =>
  words.name(reason, nameOf(resourceId));

const { titles, undo } = words;
const ruleOf = ({ id: _id, version: _version, createdBy: _createdBy, ...rule }: RecurringClosure): Rule =>
  rule;

const addition = (rule: Rule, decisions: Decisions = null) => ({
  command: 'createRecurringClosure' as const,
  title: titles.save(recurringName(rule)),
  content: { rule, decisions },
  input: () => ({ body: { ...rule, ...withDecisions(decisions) } }),
});
const edit = (
  { id, version }: Pick<RecurringClosure, 'id' | 'version'>,
  rule: Rule,
  decisions: Decisions = null,
) => {
  const { resourceId: _fixed, ...fields } = rule;
  return {
    command: 'changeRecurringClosure' as const,
    title: titles.save(recurringName(rule)),
    content: { rule, decisions },
    input: () => ({ params: { recurring: id }, body: { version, ...fields, ...withDecisions(decisions) } }),
  };
};
const removal = ({ id, reason, resourceId }: RecurringClosure) => ({
  command: 'removeRecurringClosure' as const,
  title: titles.remove(recurringName({ reason, resourceId })),
  input: () => ({ params: { recurring: id } }),
});

function savedText(name: string, [reply]: readonly { bumped: readonly unknown[] }[]) {
  const done = words.saved(name);
  return reply && reply.bumped.length > 0 ? adminWords.toDepot(done, reply.bumped.length) : done;
}

/** Closes a resource again and again. */
export const addRecurringClosure = (rule: Rule, decisions: Decisions, saving: Saving) =>
  saveAll({
    steps: [addition(rule, decisions)],
    saving,
    text: (replies) => savedText(recurringName(rule), replies),
    undo: (replies) =>
      undoInTurn(undo.add(recurringName(rule)), () =>
        replies.map(({ recurringClosure, decided }) => takeBack(removal(recurringClosure), decided)),
      ),
  });

export const changeRecurringClosure = (
  before: RecurringClosure,
  rule: Rule,
  decisions: Decisions,
  saving: Saving,
) => {
  const name = recurringName({ ...before, reason: rule.reason });
  return saveAll({
    steps: [edit(before, rule, decisions)],
    saving,
    text: (replies) => savedText(name, replies),
    undo: (replies) =>
      undoInTurn(undo.change(name), () =>
        replies.map(({ recurringClosure, decided }) =>
          takeBack(edit(recurringClosure, ruleOf(before)), decided),
        ),
      ),
  });
};

export const removeRecurringClosure = (before: RecurringClosure, saving: Saving) => {
  const name = recurringName(before);
  return saveAll({
    steps: [removal(before)],
    saving,
    text: () => words.removed(name),
    undo: () => undoInTurn(undo.remove(name), () => [takeBack(addition(ruleOf(before)))]),
  });
};
