import type { CreateRecurringClosure } from '@slate/shared/contract/recurring-closures';
import type { RecurringClosure } from '@slate/shared/recurring-closures';
import { nameOf } from '../stores/board.ts';
import type { Undo } from '../stores/undo.ts';
import { adminWords, recurringWords as words } from '../words/administration.ts';
import type { Saving } from './administration.ts';
import { finalStep, toastDone } from './outcome-toasts.ts';
import { send, undoBy } from './send.ts';

type Rule = Omit<CreateRecurringClosure, 'bump'>;

/** Returns `Terminal cleaning of OR 1`. */
export const recurringName = ({ reason, resourceId }: Pick<Rule, 'reason' | 'resourceId'>) =>
  words.name(reason, nameOf(resourceId));

const { titles, undo } = words;
const remediesOf = ({ showAtFields, refused }: Saving) => ({
  showAtFields,
  refused: (problem: Parameters<Saving['refused']>[0]) => refused(problem),
});
const ruleOf = ({
  resourceId,
  recurrence,
  start,
  end,
  quantity,
  reason,
  skipped,
}: RecurringClosure): Rule => ({
  resourceId,
  recurrence,
  start,
  end,
  quantity,
  reason,
  skipped,
});
const removal = ({ id, reason, resourceId }: RecurringClosure) => ({
  command: 'removeRecurringClosure' as const,
  title: titles.remove(recurringName({ reason, resourceId })),
  item: null,
  input: () => ({ params: { recurring: id } }),
});
/** Cases that went to the depot do not come back with the rule. */
const undoUnless = (bumped: readonly string[], id: string, step: Undo): Undo =>
  bumped.length > 0 ? finalStep(id, adminWords.cannotUndoBumped(step.label)) : step;

/** Closes a resource again and again. `bump`: the cases in the way that go to the depot. */
export const addRecurringClosure = (rule: Rule, bump: readonly string[], saving: Saving) => {
  const name = recurringName(rule);
  return send({
    command: 'createRecurringClosure',
    title: titles.save(name),
    item: null,
    ...(bump.length === 0 && { content: rule }),
    input: () => ({ body: { ...rule, bump: [...bump] } }),
    undo: ({ recurringClosure, bumped }) =>
      undoUnless(
        bumped,
        recurringClosure.id,
        undoBy(undo.add(name), [], () => removal(recurringClosure)),
      ),
    done: ({ bumped }, step) => {
      toastDone(words.saved(name, bumped.length), step ?? null);
      saving.saved();
    },
    remedies: remediesOf(saving),
  });
};

export const changeRecurringClosure = (
  before: RecurringClosure,
  { resourceId: _resourceId, ...rule }: Rule,
  bump: readonly string[],
  saving: Saving,
) => {
  const name = recurringName({ ...before, reason: rule.reason });
  const params = { recurring: before.id };
  return send({
    command: 'changeRecurringClosure',
    title: titles.save(name),
    item: null,
    ...(bump.length === 0 && { content: rule }),
    input: () => ({ params, body: { version: before.version, ...rule, bump: [...bump] } }),
    undo: ({ recurringClosure: { version }, bumped }) => {
      const { resourceId: _fixed, ...ruleBefore } = ruleOf(before);
      const step = undoBy(undo.change(name), [], () => ({
        command: 'changeRecurringClosure',
        title: titles.save(name),
        item: null,
        input: () => ({ params, body: { version, ...ruleBefore } }),
      }));
      return undoUnless(bumped, before.id, step);
    },
    done: ({ bumped }, step) => {
      toastDone(words.saved(name, bumped.length), step ?? null);
      saving.saved();
    },
    remedies: remediesOf(saving),
  });
};

export const removeRecurringClosure = (before: RecurringClosure, saving: Saving) => {
  const name = recurringName(before);
  return send({
    ...removal(before),
    undo: () =>
      undoBy(undo.remove(name), [], () => ({
        command: 'createRecurringClosure',
        title: titles.save(name),
        item: null,
        input: () => ({ body: ruleOf(before) }),
      })),
    done: (_reply, step) => {
      toastDone(words.removed(name), step ?? null);
      saving.saved();
    },
    remedies: remediesOf(saving),
  });
};
