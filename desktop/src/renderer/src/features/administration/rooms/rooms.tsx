import { Button, TextInput } from '@mantine/core';
import { createResource } from '@slate/shared/contract/catalogue';
import type { CreateResource } from '@slate/shared/contract/catalogue';
import { positionOf } from '@slate/shared/resources';
import type { Resource } from '@slate/shared/resources';
import { addResources, changeResources } from '../../../commands/administration.ts';
import { boardStore } from '../../../stores/board.ts';
import { toastIfCutOff, unreachableReason } from '../../../stores/cut-off.ts';
import { adminWords, roomWords as words, weekdays } from '../../../words/administration.ts';
import { NumberField, SuggestField, TagsField, TextField, TheirChange } from '../frame/fields.tsx';
import { expandNames } from '../frame/expand-names.ts';
import { Records } from '../frame/records.tsx';
import type { FieldsProps, RecordsPage } from '../frame/records.tsx';
import { inputId } from '../frame/use-record-form.ts';
import { nameErrors, retiring, useResources } from '../frame/resources.ts';
import styles from '../frame/record-panel.module.css';
import { hoursOf, rangesOf, weekOf } from './hours.ts';

type Values = {
  name: string;
  area: string;
  service: string;
  capabilities: string[];
  position: number | '';
  setupMinutes: number | '';
  cleanupMinutes: number | '';
  hours: string[];
};

const blank: Values = {
  name: '',
  area: '',
  service: '',
  capabilities: [],
  position: '',
  setupMinutes: '',
  cleanupMinutes: '',
  hours: weekOf(),
};

const valuesOf = ({ name, attributes }: Resource): Values => ({
  name,
  area: attributes.area ?? '',
  service: attributes.service ?? '',
  capabilities: attributes.capabilities ?? [],
  position: attributes.position ?? '',
  setupMinutes: attributes.setupMinutes ?? '',
  cleanupMinutes: attributes.cleanupMinutes ?? '',
  hours: weekOf(attributes.hours),
});

function bodyOf(values: Values): CreateResource {
  const { name, area, service, capabilities, position, setupMinutes, cleanupMinutes } = values;
  const hours = hoursOf(values.hours);
  return {
    kind: 'room',
    name,
    capacity: 1,
    attributes: {
      ...(area.trim() !== '' && { area }),
      ...(service.trim() !== '' && { service }),
      ...(capabilities.length > 0 && { capabilities }),
      ...(position !== '' && { position }),
      ...(hours.length > 0 && { hours }),
      ...(setupMinutes !== '' && { setupMinutes }),
      ...(cleanupMinutes !== '' && { cleanupMinutes }),
    },
  };
}

const page: RecordsPage<Resource, Values, CreateResource> = {
  id: 'rooms',
  newTitle: words.new,
  columns: [
    { id: 'name', header: words.name, width: 'minmax(130px, 1.2fr)', read: ({ name }) => name },
    {
      id: 'area',
      header: words.area,
      width: 'minmax(90px, 1fr)',
      read: ({ attributes }) => attributes.area ?? '',
    },
    {
      id: 'service',
      header: words.service,
      width: 'minmax(90px, 1fr)',
      read: ({ attributes }) => attributes.service ?? '',
    },
    { id: 'hours', header: words.hours, width: 'minmax(130px, 1.2fr)', read: hoursText },
    {
      id: 'capabilities',
      header: words.capabilities,
      width: 'minmax(110px, 1.4fr)',
      read: ({ attributes }) => (attributes.capabilities ?? []).join(', '),
    },
    { id: 'turnover', header: words.turnover, width: '110px', read: turnoverText },
    {
      id: 'position',
      header: words.order,
      width: '64px',
      read: ({ attributes }) => attributes.position ?? '',
      sortBy: positionOf,
    },
  ],
  blank,
  valuesOf,
  bodyOf,
  schema: createResource,
  errorsOf: (values, context) => ({
    ...nameErrors(values, context),
    ...(values.hours.some((typed) => rangesOf(typed) === null) && { hours: words.wrongHours }),
  }),
  nameOf: ({ name }) => name,
  order: { column: 'position', move },
  ...retiring,
  expand: (values) => expandNames(values.name).map((name) => ({ ...values, name })),
  Fields,
  add: addResources,
  change: changeResources,
};

export const Rooms = () => <Records page={page} items={useResources('room')} />;

/** The rooms of the last move. The next one waits until the feed has brought their new versions. */
let moved: readonly Resource[] = [];

/** Moves a room one place, and numbers the rooms whose place is not their position yet. */
function move(id: string, step: 1 | -1) {
  const rooms = boardStore.getState().view?.rooms ?? [];
  const from = rooms.findIndex((room) => room.id === id);
  const [room, other] = [rooms[from], rooms[from + step]];
  if (!room || !other || rooms.some((each) => moved.includes(each))) return;
  if (toastIfCutOff(unreachableReason())) return;
  const edits = rooms
    .with(from, other)
    .with(from + step, room)
    .map((item, at) => ({ item, position: at + 1 }))
    .filter(({ item, position }) => item.attributes.position !== position)
    .map(({ item, position }) => ({
      item,
      edit: { attributes: { ...item.attributes, position } },
      decisions: null,
    }));
  moved = edits.map(({ item }) => item);
  let isSaved = false;
  void changeResources(edits, {
    saved: () => {
      isSaved = true;
    },
    showAtFields: () => false,
    refused: () => false,
  }).finally(() => {
    if (!isSaved) moved = [];
  });
}

/** Returns the hours of Monday, and whether other days differ. */
function hoursText({ attributes }: Resource): string {
  const [monday = '', ...others] = weekOf(attributes.hours);
  if (!attributes.hours?.length) return words.alwaysOpen;
  const isWorkweek = others.every((day, index) => day === (index < 4 ? monday : ''));
  if (isWorkweek) return words.workweek(monday);
  return others.every((day) => day === monday) ? monday : words.weekVaries(monday);
}

function turnoverText({ attributes: { setupMinutes, cleanupMinutes } }: Resource): string {
  if (setupMinutes === undefined && cleanupMinutes === undefined) return '';
  return words.beforeAndAfter(setupMinutes, cleanupMinutes);
}

function Fields({ form, items, item, isNew }: FieldsProps<Resource, Values>) {
  const names = expandNames(form.values.name);
  const nameHelp = isNew ? (names.length > 1 ? adminWords.manyNames(names) : words.nameHelp) : undefined;
  const of = (read: (attributes: Resource['attributes']) => string | readonly string[] | undefined) =>
    items.flatMap(({ attributes }) => read(attributes) ?? []);
  return (
    <>
      {(isNew || item) && <TextField form={form} field="name" label={words.name} help={nameHelp} />}
      <SuggestField form={form} field="area" label={words.area} suggestions={of(({ area }) => area)} />
      <SuggestField
        form={form}
        field="service"
        label={words.service}
        suggestions={of(({ service }) => service)}
      />
      <TagsField
        form={form}
        field="capabilities"
        label={words.capabilities}
        help={words.capabilitiesHelp}
        suggestions={of(({ capabilities }) => capabilities)}
      />
      {(isNew || item) && (
        <NumberField form={form} field="position" label={words.position} help={words.positionHelp} />
      )}
      <div className={styles.pair}>
        <NumberField form={form} field="setupMinutes" label={words.setup} shown={adminWords.minutes} />
        <NumberField form={form} field="cleanupMinutes" label={words.cleanup} shown={adminWords.minutes} />
      </div>
      <p className={styles.dimmed}>{words.usual}</p>
      <WeekHours form={form} />
    </>
  );
}

/** The opening hours, one line for each day. */
function WeekHours({ form }: Pick<FieldsProps<Resource, Values>, 'form'>) {
  const { hours } = form.values;
  const error = form.propsOf('hours').error as string | undefined;
  return (
    <fieldset className={styles.week} aria-describedby="hours-help">
      <legend>{words.hours}</legend>
      <p id="hours-help" className={styles.dimmed}>
        {words.hoursHelp}
      </p>
      {weekdays.map((day, index) => (
        <div key={day} className={styles.day}>
          <label htmlFor={index === 0 ? inputId('hours') : `hours-${index}`}>{day}</label>
          <TextInput
            id={index === 0 ? inputId('hours') : `hours-${index}`}
            size="xs"
            readOnly={form.isSaving}
            value={hours[index] ?? ''}
            error={error !== undefined && rangesOf(hours[index] ?? '') === null ? error : undefined}
            onChange={({ currentTarget: { value } }) => form.set('hours', hours.with(index, value))}
          />
        </div>
      ))}
      {error !== undefined && hours.every((typed) => rangesOf(typed) !== null) && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
      <TheirChange form={form} field="hours" shown={(week: readonly string[]) => week.join(' · ')} />
      <Button
        size="compact-xs"
        variant="default"
        onClick={() =>
          form.set(
            'hours',
            hours.map((typed, index) => (index < 5 ? (hours[0] ?? '') : typed)),
          )
        }
      >
        {words.sameAsMonday}
      </Button>
    </fieldset>
  );
}
