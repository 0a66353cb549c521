import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import type { BlockException, BlockPlan, BlockTemplate } from '@slate/shared/block-templates';
import { createBlockTemplate } from '@slate/shared/contract/blocks';
import type { Resource } from '@slate/shared/resources';
import { validationMessage } from '@slate/shared/validation-message';
import { useMemo, useState } from 'react';
import { addBlockTemplate, changeBlockTemplate, removeBlockTemplate } from '../../../commands/blocks.ts';
import { byName, nameOf } from '../../../stores/board.ts';
import { blockWords as words } from '../../../words/blocks.ts';
import { clockOf } from '../../../words/typed-time.ts';
import { fieldProps, NumberField, SuggestField, TextField, TheirChange } from '../frame/fields.tsx';
import panelStyles from '../frame/record-panel.module.css';
import { inputId } from '../frame/use-record-form.ts';
import type { RecordForm } from '../frame/use-record-form.ts';
import { useResources } from '../frame/resources.ts';
import styles from './blocks.module.css';
import { RulePanel } from '../frame/rule-panel.tsx';

type Values = {
  roomId: string | null;
  start: string;
  end: string;
  service: string;
  surgeonId: string | null;
  listId: string | null;
  releaseDays: number | '';
  weekdays: readonly number[];
  everyWeeks: number | '';
  from: string;
  until: string;
  exceptions: readonly BlockException[];
};

/** Where a new block was drawn. */
export type Drawn = { roomId: string; weekday: number; start: string; end: string; from: string };

const drawnValues = ({ roomId, weekday, start, end, from }: Drawn): Values => ({
  roomId,
  start,
  end,
  service: '',
  surgeonId: null,
  listId: null,
  releaseDays: 7,
  weekdays: [weekday],
  everyWeeks: 1,
  from,
  until: '',
  exceptions: [],
});

const valuesOf = ({ plan, recurrence, exceptions }: BlockTemplate): Values => ({
  ...plan,
  ...recurrence,
  until: recurrence.until ?? '',
  exceptions,
});

const timeOf = (typed: string) => (/^24(:?00)?$/.test(typed.trim()) ? '24:00' : (clockOf(typed) ?? typed));
const planOf = ({ roomId, start, end, service, surgeonId, listId, releaseDays }: Values): BlockPlan => ({
  roomId: roomId ?? '',
  start: timeOf(start),
  end: timeOf(end),
  service,
  surgeonId,
  listId,
  releaseDays: Number(releaseDays),
});
const ruleOf = (values: Values) => ({
  plan: planOf(values),
  recurrence: {
    weekdays: values.weekdays.toSorted((a, b) => a - b),
    everyWeeks: Number(values.everyWeeks),
    from: values.from,
    until: values.until === '' ? null : values.until,
  },
  exceptions: values.exceptions.toSorted((a, b) => (a.date < b.date ? -1 : 1)),
});

/** Returns `roomId` for `plan.roomId`, and `exceptions` for everything in them. */
function fieldOf(path: string): string {
  const [head = '', field] = path.split('.');
  return head === 'exceptions' ? head : (field ?? head);
}

type Props = { ids: readonly string[]; templates: readonly BlockTemplate[]; drawn: Drawn };

export function TemplatePanel({ ids, templates, drawn }: Props) {
  const before = templates.find(({ id }) => id === ids[0]) ?? null;
  const latest = useMemo(() => (before ? valuesOf(before) : drawnValues(drawn)), [before, drawn]);
  const nameIn = ({ roomId, service }: Pick<Values, 'roomId' | 'service'>) =>
    words.name(service, nameOf(roomId ?? ''));
  return (
    <RulePanel<Values>
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
      removal={before && { kind: 'template', id: before.id, after: null }}
      isGone={ids.length > 0 && !before}
      save={(values, terms) => {
        const all = { ...terms, name: nameIn(values) };
        return before
          ? changeBlockTemplate(before, ruleOf(values), all)
          : addBlockTemplate(ruleOf(values), all);
      }}
      remove={(terms) =>
        before ? removeBlockTemplate(before, { ...terms, name: nameIn(before.plan) }) : Promise.resolve()
      }
    >
      {(form) => <Fields form={form} templates={templates} />}
    </RulePanel>
  );
}

const choicesOf = (resources: readonly Resource[] | null) =>
  (resources ?? []).toSorted(byName).map(({ id, name }) => ({ value: id, label: name }));
const searchable = { searchable: true, openOnFocus: false } as const;

function Fields({ form, templates }: { form: RecordForm<Values>; templates: readonly BlockTemplate[] }) {
  const [rooms, surgeons, lists] = [useResources('room'), useResources('surgeon'), useResources('list')];
  const services = [
    ...templates.map(({ plan }) => plan.service),
    ...[...(rooms ?? []), ...(surgeons ?? [])].flatMap(({ attributes }) => attributes.service ?? []),
  ];
  return (
    <>
      <Select
        {...fieldProps({ form, field: 'roomId', label: words.room, shown: nameOf })}
        {...searchable}
        data={choicesOf(rooms)}
      />
      <SuggestField form={form} field="service" label={words.service} suggestions={services} />
      <Select
        {...fieldProps({ form, field: 'surgeonId', label: words.surgeon, shown: nameOf })}
        {...searchable}
        clearable
        placeholder={words.anySurgeon}
        data={choicesOf(surgeons)}
      />
      <div className={panelStyles.pair}>
        <TextField form={form} field="start" label={words.start} />
        <TextField form={form} field="end" label={words.end} />
      </div>
      <p className={panelStyles.dimmed}>{words.timesHelp}</p>
      <Weekdays form={form} />
      <div className={panelStyles.pair}>
        <NumberField form={form} field="everyWeeks" label={words.every} />
        <NumberField form={form} field="releaseDays" label={words.releaseDays} />
      </div>
      <div className={panelStyles.pair}>
        <TextInput {...fieldProps({ form, field: 'from', label: words.from })} type="date" />
        <TextInput {...fieldProps({ form, field: 'until', label: words.until })} type="date" />
      </div>
      <Select
        {...fieldProps({ form, field: 'listId', label: words.list, shown: nameOf })}
        {...searchable}
        clearable
        placeholder={words.noList}
        data={choicesOf(lists)}
      />
      <Exceptions form={form} />
    </>
  );
}

function Weekdays({ form }: { form: RecordForm<Values> }) {
  const { weekdays } = form.values;
  const error = form.propsOf('weekdays').error as string | undefined;
  return (
    <fieldset className={styles.days}>
      <legend>{words.days}</legend>
      {words.weekdays.map((name, index) => (
        <Checkbox
          key={name}
          id={index === 0 ? inputId('weekdays') : `weekday-${index}`}
          size="xs"
          label={name}
          checked={weekdays.includes(index + 1)}
          onChange={({ currentTarget: { checked } }) =>
            form.set(
              'weekdays',
              checked ? [...weekdays, index + 1] : weekdays.filter((day) => day !== index + 1),
            )
          }
        />
      ))}
      {error !== undefined && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
      <TheirChange
        form={form}
        field="weekdays"
        shown={(days: readonly number[]) => days.map((day) => words.weekdays[day - 1]).join(', ')}
      />
    </fieldset>
  );
}

const exceptionText = ({ date, plan }: BlockException) =>
  plan ? words.replaced(date, nameOf(plan.roomId), plan.start, plan.end, plan.service) : words.skipped(date);

function Exceptions({ form }: { form: RecordForm<Values> }) {
  const { exceptions } = form.values;
  const [date, setDate] = useState('');
  const error = form.propsOf('exceptions').error as string | undefined;
  const add = (plan: BlockPlan | null) => {
    form.set('exceptions', [...exceptions.filter((each) => each.date !== date), { date, plan }]);
    setDate('');
  };
  return (
    <section className={styles.exceptions} aria-label={words.exceptions}>
      <h3>{words.exceptions}</h3>
      {exceptions.length === 0 && <p className={panelStyles.dimmed}>{words.noExceptions}</p>}
      <ul>
        {exceptions.map((each) => (
          <li key={each.date}>
            {exceptionText(each)}{' '}
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={words.removeException(each.date)}
              onClick={() =>
                form.set(
                  'exceptions',
                  exceptions.filter(({ date: of }) => of !== each.date),
                )
              }
            >
              ✕
            </Button>
          </li>
        ))}
      </ul>
      <div className={styles.adding}>
        <TextInput
          id={inputId('exceptions')}
          size="xs"
          type="date"
          label={words.exceptionOn}
          value={date}
          onChange={({ currentTarget: { value } }) => setDate(value)}
        />
        <Button size="xs" variant="default" disabled={date === ''} onClick={() => add(null)}>
          {words.skip}
        </Button>
        <Button size="xs" variant="default" disabled={date === ''} onClick={() => add(planOf(form.values))}>
          {words.replace}
        </Button>
      </div>
      <p className={panelStyles.dimmed}>{words.exceptionHelp}</p>
      {error !== undefined && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
      <TheirChange
        form={form}
        field="exceptions"
        shown={(list: readonly BlockException[]) => list.map(exceptionText).join('; ')}
      />
    </section>
  );
}
