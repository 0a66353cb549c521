import type { BlockRule, BlockTemplate, Holiday } from '@slate/shared/block-templates';
import { blockWords as words } from '../words/blocks.ts';
import type { Saving } from './administration.ts';
import { toastDone } from './outcome-toasts.ts';
import { send, undoBy } from './send.ts';

/** What an edit of blocks sends besides its fields. */
type Terms = {
  /** The name of the record, in messages. */
  readonly name: string;
  /** The cases that stay where they are, as the preview listed them. */
  readonly leave: readonly string[];
  readonly saving: Saving;
};
type Rules = BlockRule;
type HolidayFields = Omit<Holiday, 'id' | 'version'>;

const { titles, undo } = words;
const remediesOf = ({ saving }: Terms) => ({
  showAtFields: saving.showAtFields,
  refused: (problem: Parameters<Saving['refused']>[0]) => saving.refused(problem),
});

export const addBlockTemplate = (rule: Rules, terms: Terms) =>
  send({
    command: 'createBlockTemplate',
    title: titles.save(terms.name),
    item: null,
    content: rule,
    input: () => ({ body: { ...rule, leave: [...terms.leave] } }),
    undo: ({ template: { id, version } }) =>
      undoBy(undo.add(terms.name), [], () => ({
        command: 'removeBlockTemplate',
        title: titles.remove(terms.name),
        item: null,
        input: () => ({ params: { template: id }, body: { version } }),
      })),
    done: (_reply, step) => finish(terms, words.saved(terms.name), step),
    remedies: remediesOf(terms),
  });

export const changeBlockTemplate = (before: BlockTemplate, rule: Rules, terms: Terms) =>
  send({
    command: 'changeBlockTemplate',
    title: titles.save(terms.name),
    item: null,
    content: rule,
    input: () => ({
      params: { template: before.id },
      body: { version: before.version, ...rule, leave: [...terms.leave] },
    }),
    undo: ({ template: { version } }) =>
      undoBy(undo.change(terms.name), [], () => ({
        command: 'changeBlockTemplate',
        title: titles.save(terms.name),
        item: null,
        input: () => ({ params: { template: before.id }, body: { version, ...ruleOf(before) } }),
      })),
    done: (_reply, step) => finish(terms, words.saved(terms.name), step),
    remedies: remediesOf(terms),
  });

export const removeBlockTemplate = (before: BlockTemplate, terms: Terms) =>
  send({
    command: 'removeBlockTemplate',
    title: titles.remove(terms.name),
    item: null,
    input: () => ({
      params: { template: before.id },
      body: { version: before.version, leave: [...terms.leave] },
    }),
    undo: () =>
      undoBy(undo.remove(terms.name), [], () => ({
        command: 'createBlockTemplate',
        title: titles.save(terms.name),
        item: null,
        input: () => ({ body: ruleOf(before) }),
      })),
    done: (_reply, step) => finish(terms, words.removed(terms.name), step),
    remedies: remediesOf(terms),
  });

export const addHoliday = (holiday: HolidayFields, terms: Terms) =>
  send({
    command: 'createHoliday',
    title: titles.save(terms.name),
    item: null,
    content: holiday,
    input: () => ({ body: { ...holiday, leave: [...terms.leave] } }),
    undo: ({ holiday: { id, version } }) =>
      undoBy(undo.add(terms.name), [], () => ({
        command: 'removeHoliday',
        title: titles.remove(terms.name),
        item: null,
        input: () => ({ params: { holiday: id }, body: { version } }),
      })),
    done: (_reply, step) => finish(terms, words.saved(terms.name), step),
    remedies: remediesOf(terms),
  });

export const changeHoliday = (before: Holiday, holiday: HolidayFields, terms: Terms) =>
  send({
    command: 'changeHoliday',
    title: titles.save(terms.name),
    item: null,
    content: holiday,
    input: () => ({
      params: { holiday: before.id },
      body: { version: before.version, ...holiday, leave: [...terms.leave] },
    }),
    undo: ({ holiday: { version } }) =>
      undoBy(undo.change(terms.name), [], () => ({
        command: 'changeHoliday',
        title: titles.save(terms.name),
        item: null,
        input: () => ({ params: { holiday: before.id }, body: { version, ...fieldsOf(before) } }),
      })),
    done: (_reply, step) => finish(terms, words.saved(terms.name), step),
    remedies: remediesOf(terms),
  });

export const removeHoliday = (before: Holiday, terms: Terms) =>
  send({
    command: 'removeHoliday',
    title: titles.remove(terms.name),
    item: null,
    input: () => ({
      params: { holiday: before.id },
      body: { version: before.version, leave: [...terms.leave] },
    }),
    undo: () =>
      undoBy(undo.remove(terms.name), [], () => ({
        command: 'createHoliday',
        title: titles.save(terms.name),
        item: null,
        input: () => ({ body: fieldsOf(before) }),
      })),
    done: (_reply, step) => finish(terms, words.removed(terms.name), step),
    remedies: remediesOf(terms),
  });

function finish({ saving }: Terms, text: string, step: Parameters<typeof toastDone>[1]) {
  toastDone(text, step ?? null);
  saving.saved();
}

const ruleOf = ({ plan, recurrence, exceptions }: BlockTemplate): Rules => ({ plan, recurrence, exceptions });
const fieldsOf = ({ date, name, roomIds }: Holiday): HolidayFields => ({ date, name, roomIds });
