import { Select } from '@mantine/core';
import type { BlockException, BlockPlan, BlockTemplate } from '@slate/shared/block-templates';
import { createBlockTemplate } from '@slate/shared/contract/blocks';
import type { BlockEdit, BlockEffect } from '@slate/shared/contract/blocks';
import { surgeonsOf } from '@slate/shared/sites';
import { validationMessage } from '@slate/shared/validation-message';
import { useMemo } from 'react';
import { addBlockTemplate, changeBlockTemplate, removeBlockTemplate } from '../../../commands/blocks.ts';
import { nameOf } from '../../../stores/board.ts';
import { blockWords as words } from '../../../words/blocks.ts';
import { ruleWords } from '../../../words/rules.ts';
import { clockOf } from '../../../words/typed-time.ts';
import { ExceptionsField } from '../frame/exceptions-field.tsx';
import { fieldProps, MultiSelectField, NumberField, SuggestField, TextField } from '../frame/fields.tsx';
import styles from '../frame/record-panel.module.css';
import type { RecordForm } from '../frame/use-record-form.ts';
import {
  blankRecurrence,
  RecurrenceFields,
  recurrenceOf,
  recurrenceValues,
} from '../frame/recurrence-fields.tsx';
import type { RecurrenceValues } from '../frame/recurrence-fields.tsx';
import { resourceOptions, useResources } from '../frame/resources.ts';
import { blockEffects } from './effect.tsx';
import { RulePanel } from '../frame/rule-panel.tsx';

type Values = RecurrenceValues & {
  roomId: string | null;
  start: string;
  end: string;
  service: string;
  surgeonIds: readonly string[];
  listId: string | null;
  releaseDays: number | '';
  exceptions: readonly BlockException[];
};

/** Where a new block was drawn. */
export type Drawn = { roomId: string; weekday: number; start: string; end: string; from: string };

const drawnValues = ({ roomId, weekday, start, end, from }: Drawn): Values => ({
  roomId,
  start,
  end,
  service: '',
  surgeonIds: [],
  listId: null,
  releaseDays: 7,
  ...blankRecurrence(weekday, from),
  exceptions: [],
});

function valuesOf({ plan, recurrence, exceptions }: BlockTemplate): Values {
  const { surgeonId: _first, alsoSurgeonIds: _others, ...others } = plan;
  return { ...others, surgeonIds: surgeonsOf(plan), ...recurrenceValues(recurrence), exceptions };
}

const timeOf = (typed: string) => (/^24(:?00)?$/.test(typed.trim()) ? '24:00' : (clockOf(typed) ?? typed));
const planOf = ({ roomId, start, end, service, surgeonIds, listId, releaseDays }: Values): BlockPlan => ({
  roomId: roomId ?? '',
  start: timeOf(start),
  end: timeOf(end),
  service,
  surgeonId: surgeonIds[0] ?? null,
  alsoSurgeonIds: surgeonIds.slice(1),
  listId,
  releaseDays: Number(releaseDays),
});
const ruleOf = (values: Values) => ({
  plan: planOf(values),
  recurrence: recurrenceOf(values),
  exceptions: values.exceptions.toSorted((a, b) => (a.date < b.date ? -1 : 1)),
});

/** Returns `roomId` for `plan.roomId`, and `exceptions` for everything in them. */
function fieldOf(path: string): string {
  const [head = '', field = head] = path.split('.');
  if (field === 'surgeonId' || field === 'alsoSurgeonIds') return 'surgeonIds';
  return head === 'exceptions' ? head : field;
}

type Props = { ids: readonly string[]; templates: readonly BlockTemplate[]; drawn: Drawn };

export function TemplatePanel({ ids, templates, drawn }: Props) {
  const before = templates.find(({ id }) => id === ids[0]) ?? null;
  const latest = useMemo(() => (before ? valuesOf(before) : drawnValues(drawn)), [before, drawn]);
  const nameIn = ({ roomId, service }: Pick<Values, 'roomId' | 'service'>) =>
    words.name(service, nameOf(roomId ?? ''));
  return (
    <RulePanel<Values, BlockEdit, BlockEffect>
      {...blockEffects}
      page="blocks"
      ids={ids}
      title={before ? words.edit(nameOf(before.plan.roomId), before.plan.service) : words.new}
      latest={latest}
      check={(values) => {
        const { error } = createBlockTemplate.safeParse(ruleOf(values), { error: validationMessage });
        return Object.fromEntries(
          (error?.issues ?? []).toReversed().map(({ path, message }) => [fieldOf(path.join('.')), message]),
        );
      }}
      fieldOf={fieldOf}
      editOf={(values) => ({ kind: 'template', ...(before && { id: before.id }), after: ruleOf(values) })}
      removal={
        before && {
          edit: { kind: 'template', id: before.id, after: null },
          change: {
            command: 'removeBlockTemplate',
            id: before.id,
            body: { version: before.version },
          },
          run: (terms) => removeBlockTemplate(before, { name: nameIn(before.plan), ...terms }),
        }
      }
      isGone={ids.length > 0 && !before}
      changeOf={(values) =>
        before
          ? {
              command: 'changeBlockTemplate',
              id: before.id,
              body: { version: before.version, ...ruleOf(values) },
            }
          : { command: 'createBlockTemplate', body: ruleOf(values) }
      }
      save={(values, given) => {
        const terms = { name: nameIn(values), ...given };
        return before
          ? changeBlockTemplate(before, ruleOf(values), terms)
          : addBlockTemplate(ruleOf(values), terms);
      }}
    >
      {(form) => <Fields form={form} templates={templates} />}
    </RulePanel>
  );
}

const searchable = { searchable: true, openOnFocus: false } as const;

function Fields({ form, templates }: { form: RecordForm<Values>; templates: readonly BlockTemplate[] }) {
  const [rooms, surgeons, lists] = [useResources('room'), useResources('surgeon'), useResources('list')];
  const { roomId, surgeonIds, listId } = form.values;
  const services = [
    ...templates.map(({ plan }) => plan.service),
    ...[...(rooms ?? []), ...(surgeons ?? [])].flatMap(({ attributes }) => attributes.service ?? []),
  ];
  return (
    <>
      <Select
        {...fieldProps({ form, field: 'roomId', label: words.room, shown: nameOf })}
        {...searchable}
        data={resourceOptions(rooms, roomId)}
      />
      <SuggestField form={form} field="service" label={words.service} suggestions={services} />
      <MultiSelectField
        form={form}
        field="surgeonIds"
        label={words.surgeons}
        help={words.surgeonsHelp}
        shown={(ids: readonly string[]) => ids.map(nameOf).join(', ')}
        options={resourceOptions(surgeons, ...surgeonIds)}
      />
      <div className={styles.pair}>
        <TextField form={form} field="start" label={words.start} />
        <TextField form={form} field="end" label={words.end} />
      </div>
      <p className={styles.dimmed}>{words.timesHelp}</p>
      <RecurrenceFields form={form} />
      <NumberField form={form} field="releaseDays" label={words.releaseDays} />
      <Select
        {...fieldProps({ form, field: 'listId', label: words.list, shown: nameOf })}
        {...searchable}
        clearable
        placeholder={words.noList}
        data={resourceOptions(lists, listId)}
      />
      <ExceptionsField
        form={form}
        text={exceptionText}
        help={words.exceptionHelp}
        kinds={[
          { label: ruleWords.skip, exceptionOn: (date) => ({ date, plan: null }) },
          { label: words.replace, exceptionOn: (date) => ({ date, plan: planOf(form.values) }) },
        ]}
      />
    </>
  );
}

const exceptionText = ({ date, plan }: BlockException) =>
  plan ? words.replaced(date, nameOf(plan.roomId), plan.start, plan.end, plan.service) : words.skipped(date);
