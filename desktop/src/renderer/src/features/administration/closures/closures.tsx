import { Select, TextInput } from '@mantine/core';
import { createClosure } from '@slate/shared/contract/catalogue';
import type { CreateClosure } from '@slate/shared/contract/catalogue';
import type { Closure } from '@slate/shared/sites';
import { localDateOf } from '@slate/shared/time';
import { useState } from 'react';
import { useStore } from 'zustand';
import { addClosure, changeClosures, closureName, removeClosure } from '../../../commands/administration.ts';
import { boardStore, nameOf } from '../../../stores/board.ts';
import { today, zoneNow } from '../../../stores/view.ts';
import { adminWords, closureWords as words } from '../../../words/administration.ts';
import { dayAndTimeOf, timeOf } from '../../../words/time.ts';
import { FailedPage } from '../frame/failed-page.tsx';
import { DateTimeField, NumberField, SelectField, TextField } from '../frame/fields.tsx';
import { Records } from '../frame/records.tsx';
import type { FieldsProps, RecordsPage } from '../frame/records.tsx';
import { resourceOptions } from '../frame/resources.ts';
import styles from '../frame/record-panel.module.css';
import { blankClosure } from './begin-closure.ts';
import type { ClosureValues } from './begin-closure.ts';
import { useClosures } from './use-closures.ts';

const localOf = (at: string) => `${localDateOf(at, zoneNow())}T${timeOf(at, zoneNow())}`;

const page: RecordsPage<Closure, ClosureValues, CreateClosure> = {
  id: 'closures',
  newTitle: words.new,
  columns: [
    {
      id: 'start',
      header: words.start,
      width: 'minmax(140px, 1fr)',
      read: ({ start }) => start,
      cell: ({ start }) => dayAndTimeOf(start, zoneNow()),
    },
    {
      id: 'end',
      header: words.end,
      width: 'minmax(140px, 1fr)',
      read: ({ end }) => end,
      cell: ({ end }) => dayAndTimeOf(end, zoneNow()),
    },
    {
      id: 'resource',
      header: words.resource,
      width: 'minmax(120px, 1fr)',
      read: ({ resourceId, quantity }) => adminWords.times(nameOf(resourceId), quantity),
    },
    { id: 'reason', header: words.reason, width: 'minmax(140px, 1.5fr)', read: ({ reason }) => reason },
    { id: 'by', header: words.by, width: 'minmax(110px, 0.8fr)', read: ({ createdBy }) => createdBy.name },
  ],
  nameOf: closureName,
  blank: blankClosure,
  valuesOf: ({ resourceId, start, end, quantity, reason }) => ({
    resourceId,
    start: localOf(start),
    end: localOf(end),
    quantity,
    reason,
  }),
  bodyOf: ({ resourceId, start, end, quantity, reason }) => ({
    resourceId: resourceId ?? '',
    start,
    end,
    ...(quantity !== '' && { quantity }),
    reason,
  }),
  schema: createClosure,
  errorsOf: ({ resourceId, start, end }) => ({
    ...(resourceId === null && { resourceId: words.chooseResource }),
    ...(start === '' && { start: words.incomplete }),
    ...(end === '' && { end: words.incomplete }),
  }),
  Fields,
  add: async ([body], saving, decisions) => {
    if (body) await addClosure(body, decisions, saving);
  },
  change: changeClosures,
  secondary: (item) => ({ label: words.remove, run: (_decisions, saving) => removeClosure(item, saving) }),
  isSingle: true,
};

function Fields({ form, item }: FieldsProps<Closure, ClosureValues>) {
  const resources = useStore(boardStore, ({ view }) => view?.board.resources ?? []);
  const resource = resources.find(({ id }) => id === form.values.resourceId);
  return (
    <>
      <SelectField
        form={form}
        field="resourceId"
        label={words.resource}
        options={resourceOptions(resources, item?.resourceId)}
        shown={nameOf}
        // A closure belongs to its resource.
        isFixed={item !== null}
      />
      <DateTimeField form={form} field="start" label={words.start} shown={localText} />
      <DateTimeField form={form} field="end" label={words.end} shown={localText} />
      {resource && resource.capacity > 1 && (
        <NumberField
          form={form}
          field="quantity"
          label={words.quantity}
          help={item ? undefined : words.quantityHelp}
        />
      )}
      <TextField form={form} field="reason" label={words.reason} />
    </>
  );
}

const localText = (local: string) => local.replace('T', ' ');

const ranges = [7, 30, 90, 366];

/** The closures of a range of dates. */
export function Closures() {
  const [date, setDate] = useState(today);
  const [days, setDays] = useState(30);
  const { closures, hasFailed, retry } = useClosures(date, days);
  if (hasFailed && !closures) return <FailedPage title={words.failed} retry={retry} />;
  return (
    <Records
      page={page}
      items={closures}
      tools={
        <div className={styles.tools}>
          <TextInput
            type="date"
            size="xs"
            aria-label={words.from}
            value={date}
            onChange={({ currentTarget: { value } }) => value !== '' && setDate(value)}
          />
          <Select
            size="xs"
            w={100}
            aria-label={words.days}
            data={ranges.map((each) => ({ value: String(each), label: words.daysShown(each) }))}
            value={String(days)}
            allowDeselect={false}
            onChange={(value) => setDays(Number(value))}
          />
        </div>
      }
    />
  );
}
