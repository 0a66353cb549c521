import type { BlockRule, BlockTemplate, Holiday } from '@slate/shared/block-templates';
import type { Decision } from '@slate/shared/contract/decisions';
import { blockWords as words } from '../words/blocks.ts';
import { saveAll, takeBack, undoInTurn, withDecisions } from './administration.ts';
import type { Saving } from './administration.ts';

/** The parts of an edit of blocks besides its fields. */
type Terms = {
  /** The name of the record, in messages. */
  readonly name: string;
  /** The decisions about the cases in the way; null: there are none yet. */
  readonly decisions: readonly Decision[] | null;
  readonly saving: Saving;
};
type HolidayFields = Omit<Holiday, 'id' | 'version'>;

const { titles, undo } = words;
const ruleOf = ({ plan, recurrence, exceptions }: BlockTemplate): BlockRule => ({
  plan,
  recurrence,
  exceptions,
});
const fieldsOf = ({ date, name, roomIds }: Holiday): HolidayFields => ({ date, name, roomIds });

const steps = {
  addTemplate: (name: string, rule: BlockRule, decisions: Terms['decisions'] = null) => ({
    command: 'createBlockTemplate' as const,
    title: titles.save(name),
    content: { rule, decisions },
    input: () => ({ body: { ...rule, ...withDecisions(decisions) } }),
  }),
  changeTemplate: (
    name: string,
    { id, version }: Pick<BlockTemplate, 'id' | 'version'>,
    rule: BlockRule,
    decisions: Terms['decisions'] = null,
  ) => ({
    command: 'changeBlockTemplate' as const,
    title: titles.save(name),
    content: { rule, decisions },
    input: () => ({ params: { template: id }, body: { version, ...rule, ...withDecisions(decisions) } }),
  }),
  removeTemplate: (
    name: string,
    { id, version }: Pick<BlockTemplate, 'id' | 'version'>,
    decisions: Terms['decisions'] = null,
  ) => ({
    command: 'removeBlockTemplate' as const,
    title: titles.remove(name),
    input: () => ({ params: { template: id }, body: { version, ...withDecisions(decisions) } }),
  }),
  addHoliday: (name: string, fields: HolidayFields, decisions: Terms['decisions'] = null) => ({
    command: 'createHoliday' as const,
    title: titles.save(name),
    content: { fields, decisions },
    input: () => ({ body: { ...fields, ...withDecisions(decisions) } }),
  }),
  changeHoliday: (
    name: string,
    { id, version }: Pick<Holiday, 'id' | 'version'>,
    fields: HolidayFields,
    decisions: Terms['decisions'] = null,
  ) => ({
    command: 'changeHoliday' as const,
    title: titles.save(name),
    content: { fields, decisions },
    input: () => ({ params: { holiday: id }, body: { version, ...fields, ...withDecisions(decisions) } }),
  }),
  removeHoliday: (
    name: string,
    { id, version }: Pick<Holiday, 'id' | 'version'>,
    decisions: Terms['decisions'] = null,
  ) => ({
    command: 'removeHoliday' as const,
    title: titles.remove(name),
    input: () => ({ params: { holiday: id }, body: { version, ...withDecisions(decisions) } }),
  }),
};

export const addBlockTemplate = (rule: BlockRule, { name, decisions, saving }: Terms) =>
  saveAll({
    steps: [steps.addTemplate(name, rule, decisions)],
    saving,
    text: () => words.saved(name),
    undo: (replies) =>
      undoInTurn(undo.add(name), () =>
        replies.map(({ template, decided }) => takeBack(steps.removeTemplate(name, template), decided)),
      ),
  });

export const changeBlockTemplate = (
  before: BlockTemplate,
  rule: BlockRule,
  { name, decisions, saving }: Terms,
) =>
  saveAll({
    steps: [steps.changeTemplate(name, before, rule, decisions)],
    saving,
    text: () => words.saved(name),
    undo: (replies) =>
      undoInTurn(undo.change(name), () =>
        replies.map(({ template, decided }) =>
          takeBack(steps.changeTemplate(name, template, ruleOf(before)), decided),
        ),
      ),
  });

export const removeBlockTemplate = (before: BlockTemplate, { name, decisions, saving }: Terms) =>
  saveAll({
    steps: [steps.removeTemplate(name, before, decisions)],
    saving,
    text: () => words.removed(name),
    undo: (replies) =>
      undoInTurn(undo.remove(name), () =>
        replies.map(({ decided }) => takeBack(steps.addTemplate(name, ruleOf(before)), decided)),
      ),
  });

export const addHoliday = (fields: HolidayFields, { name, decisions, saving }: Terms) =>
  saveAll({
    steps: [steps.addHoliday(name, fields, decisions)],
    saving,
    text: () => words.saved(name),
    undo: (replies) =>
      undoInTurn(undo.add(name), () =>
        replies.map(({ holiday, decided }) => takeBack(steps.removeHoliday(name, holiday), decided)),
      ),
  });

export const changeHoliday = (before: Holiday, fields: HolidayFields, { name, decisions, saving }: Terms) =>
  saveAll({
    steps: [steps.changeHoliday(name, before, fields, decisions)],
    saving,
    text: () => words.saved(name),
    undo: (replies) =>
      undoInTurn(undo.change(name), () =>
        replies.map(({ holiday, decided }) =>
          takeBack(steps.changeHoliday(name, holiday, fieldsOf(before)), decided),
        ),
      ),
  });

export const removeHoliday = (before: Holiday, { name, decisions, saving }: Terms) =>
  saveAll({
    steps: [steps.removeHoliday(name, before, decisions)],
    saving,
    text: () => words.removed(name),
    undo: (replies) =>
      undoInTurn(undo.remove(name), () =>
        replies.map(({ decided }) => takeBack(steps.addHoliday(name, fieldsOf(before)), decided)),
      ),
  });
