import { createRecurringClosure } from '@slate/shared/contract/recurring-closures';
import type { ClosureEffect, RecurringClosureEdit } from '@slate/shared/contract/recurring-closures';
import type { RouteReply } from '@slate/shared/contract';
import { closuresOf } from '@slate/shared/recurring-closures';
import type { RecurringClosure } from '@slate/shared/recurring-closures';
import { localDateOf, overlaps } from '@slate/shared/time';
import { validationMessage } from '@slate/shared/validation-message';
import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { call } from '../../../api/client.ts';
import {
  addRecurringClosure,
  changeRecurringClosure,
  recurringName,
  removeRecurringClosure,
} from '../../../commands/recurring-closures.ts';
import { administrationStore, draftKey, openRecords } from '../../../stores/administration.ts';
import { boardStore, nameOf } from '../../../stores/board.ts';
import { today, zoneNow } from '../../../stores/view.ts';
import { ReturnFocus } from '../../../ui/return-focus.tsx';
import { adminWords, closureWords, recurringWords as words } from '../../../words/administration.ts';
import { ruleWords } from '../../../words/rules.ts';
import { dateWords, dayAndRangeOf, dayWords } from '../../../words/time.ts';
import { clockOf } from '../../../words/typed-time.ts';
import { FailedPage } from '../frame/failed-page.tsx';
import type { Column } from '../frame/column.ts';
import { ExceptionsField } from '../frame/exceptions-field.tsx';
import { NumberField, SelectField, TextField } from '../frame/fields.tsx';
import { RecordList } from '../frame/record-list.tsx';
import {
  blankRecurrence,
  RecurrenceFields,
  recurrenceOf,
  recurrenceValues,
} from '../frame/recurrence-fields.tsx';
import type { RecurrenceValues } from '../frame/recurrence-fields.tsx';
import { resourceOptions } from '../frame/resources.ts';
import { RuleEffect } from '../frame/rule-effect.tsx';
import { RulePanel } from '../frame/rule-panel.tsx';
import type { EffectProps } from '../frame/rule-panel.tsx';
import { focusField } from '../frame/use-record-form.ts';
import type { RecordForm } from '../frame/use-record-form.ts';
import { useRules } from '../frame/use-rules.ts';
import type { RulesSource } from '../frame/use-rules.ts';
import styles from '../frame/record-panel.module.css';

const source: RulesSource<RouteReply<'recurringClosures'>> = {
  load: (site, signal) => call('recurringClosures', { params: { site } }, { signal }),
  isRule: (body) =>
    body.type === 'recurring_closure' || (body.type === 'removed' && body.of === 'recurring_closure'),
};

const columns: readonly Column<RecurringClosure>[] = [
  {
    id: 'resource',
    header: closureWords.resource,
    width: 'minmax(110px, 1fr)',
    read: ({ resourceId, quantity }) => adminWords.times(nameOf(resourceId), quantity ?? 1),
  },
  {
    id: 'when',
    header: words.when,
    width: 'minmax(170px, 1.5fr)',
    read: ({ recurrence: { weekdays, everyWeeks }, start, end }) =>
      words.whenText(
        ruleWords.weekdayNames(weekdays),
        start,
        end,
        everyWeeks === 1 ? null : ruleWords.everyWeeks(everyWeeks),
      ),
  },
  {
    id: 'dates',
    header: words.dates,
    width: 'minmax(150px, 1.2fr)',
    read: ({ recurrence: { from, until } }) =>
      words.fromUntil(dateWords(from), until === null ? null : dateWords(until)),
  },
  { id: 'reason', header: closureWords.reason, width: 'minmax(120px, 1.2fr)', read: ({ reason }) => reason },
  { id: 'exceptions', header: ruleWords.exceptions, width: '90px', read: ({ skipped }) => skipped.length },
];

/** The rules for closures, such as terminal cleaning every Sunday night. */
export function RecurringClosures() {
  const { rules, hasFailed, reload } = useRules(source);
  const open = useStore(administrationStore, (state) => state.open);
  const drafts = useStore(administrationStore, (state) => state.drafts);
  if (!rules && hasFailed) return <FailedPage title={words.failed} retry={reload} />;
  return (
    <>
      <RecordList
        label={adminWords.page.recurring}
        items={rules?.recurringClosures ?? null}
        columns={columns}
        nameOf={recurringName}
        openIds={open ?? []}
        hasDraft={(id) => drafts.has(draftKey('recurring', [id]))}
        open={openRecords}
        openTogether={null}
      />
      {open && rules && (
        <ReturnFocus key={draftKey('recurring', open)}>
          <RecurringPanel ids={open} rules={rules.recurringClosures} />
        </ReturnFocus>
      )}
    </>
  );
}

type Values = RecurrenceValues & {
  resourceId: string | null;
  start: string;
  end: string;
  quantity: number | '';
  reason: string;
  exceptions: readonly { readonly date: string }[];
};

const sunday = 7;
const blankValues = (): Values => ({
  resourceId: null,
  start: '',
  end: '',
  quantity: '',
  reason: '',
  ...blankRecurrence(sunday, today()),
  exceptions: [],
});
const valuesOf = ({
  resourceId,
  recurrence,
  start,
  end,
  quantity,
  reason,
  skipped,
}: RecurringClosure): Values => ({
  resourceId,
  start,
  end,
  quantity: quantity ?? '',
  reason,
  ...recurrenceValues(recurrence),
  exceptions: skipped.toSorted().map((date) => ({ date })),
});
const ruleOf = ({ resourceId, start, end, quantity, reason, exceptions, ...recurrence }: Values) => ({
  resourceId: resourceId ?? '',
  recurrence: recurrenceOf(recurrence),
  start: clockOf(start) ?? start,
  end: clockOf(end) ?? end,
  quantity: quantity === '' ? null : quantity,
  reason,
  skipped: exceptions.map(({ date }) => date).toSorted(),
});

/** Returns `weekdays` for `recurrence.weekdays`, and `exceptions` for everything in `skipped`. */
function fieldOf(path: string): string {
  const [head = '', field] = path.split('.');
  if (head === 'skipped') return 'exceptions';
  return head === 'recurrence' ? (field ?? head) : head;
}

function check(values: Values) {
  if (values.resourceId === null) return { resourceId: closureWords.chooseResource };
  const { error } = createRecurringClosure.safeParse(ruleOf(values), { error: validationMessage });
  return Object.fromEntries(
    (error?.issues ?? []).toReversed().map(({ path, message }) => [fieldOf(path.join('.')), message]),
  );
}

function RecurringPanel({ ids, rules }: { ids: readonly string[]; rules: readonly RecurringClosure[] }) {
  const before = rules.find(({ id }) => id === ids[0]) ?? null;
  const latest = useMemo(() => (before ? valuesOf(before) : blankValues()), [before]);
  return (
    <RulePanel<Values, RecurringClosureEdit, ClosureEffect>
      page="recurring"
      ids={ids}
      title={before ? words.edit(recurringName(before)) : words.new}
      latest={latest}
      check={check}
      fieldOf={fieldOf}
      editOf={(values) => ({ ...(before && { id: before.id }), ...ruleOf(values) })}
      ask={(site, body) => call('previewRecurringClosure', { params: { site }, body })}
      show={(props, form) => <Effect {...props} form={form} />}
      hasCases={({ cases }) => cases.length > 0}
      changeOf={(values) => {
        const { resourceId: _fixed, ...fields } = ruleOf(values);
        return before
          ? { command: 'changeRecurringClosure', id: before.id, body: { version: before.version, ...fields } }
          : { command: 'createRecurringClosure', body: ruleOf(values) };
      }}
      isGone={ids.length > 0 && !before}
      save={(values, { decisions, saving }) =>
        before
          ? changeRecurringClosure(before, ruleOf(values), decisions, saving)
          : addRecurringClosure(ruleOf(values), decisions, saving)
      }
      removal={
        before && {
          edit: null,
          change: { command: 'removeRecurringClosure', id: before.id },
          run: ({ saving }) => removeRecurringClosure(before, saving),
        }
      }
    >
      {(form) => <Fields form={form} isNew={before === null} />}
    </RulePanel>
  );
}

function Fields({ form, isNew }: { form: RecordForm<Values>; isNew: boolean }) {
  const resources = useStore(boardStore, ({ view }) => view?.board.resources ?? []);
  const resource = resources.find(({ id }) => id === form.values.resourceId);
  return (
    <>
      <SelectField
        form={form}
        field="resourceId"
        label={closureWords.resource}
        options={resourceOptions(resources, resource?.id)}
        shown={nameOf}
        // A rule belongs to its resource.
        isFixed={!isNew}
      />
      {resource && resource.capacity > 1 && (
        <NumberField
          form={form}
          field="quantity"
          label={closureWords.quantity}
          help={closureWords.quantityHelp}
        />
      )}
      <TextField form={form} field="reason" label={closureWords.reason} />
      <div className={styles.pair}>
        <TextField form={form} field="start" label={closureWords.start} />
        <TextField form={form} field="end" label={closureWords.end} />
      </div>
      <p className={styles.dimmed}>{words.timesHelp}</p>
      <RecurrenceFields form={form} />
      <ExceptionsField
        form={form}
        text={({ date }) => words.skipped(dayWords(date))}
        kinds={[{ label: ruleWords.skip, exceptionOn: (date) => ({ date }) }]}
      />
    </>
  );
}

/** The effect of an edit on the dated closures (BT13). A date with a case in the way can be skipped. */
function Effect({ effect, blockers, form }: EffectProps<ClosureEffect> & { form: RecordForm<Values> }) {
  const dates = datesInTheWay(form.values, blockers ?? effect.cases);
  return (
    <>
      <RuleEffect
        effect={effect}
        counts={words.counts}
        kinds={words.kinds}
        text={(range, kind) => words.dated(dayAndRangeOf(range, zoneNow()), kind)}
      />
      {dates.length > 0 && (
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            form.set('exceptions', [...form.values.exceptions, ...dates.map((date) => ({ date }))]);
            // The button disappears.
            focusField('exceptions');
          }}
        >
          {words.skipDates(dates.length)}
        </Button>
      )}
    </>
  );
}

/** The dates of a rule on which something is in the way. */
function datesInTheWay(values: Values, inTheWay: readonly { start: string; end: string }[]): string[] {
  const last = inTheWay
    .map(({ end }) => localDateOf(end, zoneNow()))
    .toSorted()
    .at(-1);
  if (last === undefined) return [];
  return closuresOf(ruleOf(values), { from: today(), until: last }, zoneNow())
    .filter((closure) => inTheWay.some((each) => overlaps(each, closure)))
    .map(({ date }) => date);
}
