import { MultiSelect, NumberInput } from '@mantine/core';
import { createProcedure } from '@slate/shared/contract/catalogue';
import type { CreateProcedure } from '@slate/shared/contract/catalogue';
import { byPosition } from '@slate/shared/resources';
import type { Procedure, Resource } from '@slate/shared/resources';
import { useStore } from 'zustand';
import { addProcedures, changeProcedures } from '../../../commands/administration.ts';
import { boardStore, nameOf } from '../../../stores/board.ts';
import { adminWords, procedureWords as words } from '../../../words/administration.ts';
import {
  fieldProps,
  NumberField,
  SelectField,
  SuggestField,
  TagsField,
  TextField,
} from '../frame/fields.tsx';
import { Records } from '../frame/records.tsx';
import type { FieldsProps, RecordsPage } from '../frame/records.tsx';
import { nameErrors } from '../frame/resources.ts';
import styles from '../frame/record-panel.module.css';

type Values = {
  name: string;
  shortName: string;
  service: string;
  minutes: number | '';
  spread: number | '';
  setupMinutes: number | '';
  cleanupMinutes: number | '';
  turnoverByRoom: Procedure['turnoverByRoom'];
  capabilities: string[];
  equipment: { resourceId: string; quantity: number }[];
  /** Empty: no bed. */
  bedId: string;
  nights: number | '';
};

const blank: Values = {
  name: '',
  shortName: '',
  service: '',
  minutes: '',
  spread: 0,
  setupMinutes: '',
  cleanupMinutes: '',
  turnoverByRoom: [],
  capabilities: [],
  equipment: [],
  bedId: '',
  nights: 1,
};

const bodyOf = ({ shortName, bedId, nights, ...values }: Values): CreateProcedure => ({
  ...(values as Values & Record<'minutes' | 'spread' | 'setupMinutes' | 'cleanupMinutes', number>),
  shortName: shortName.trim() === '' ? null : shortName,
  bed: bedId === '' ? null : { resourceId: bedId, nights: nights as number },
});

const equipmentText = (equipment: Values['equipment']) =>
  equipment.map(({ resourceId, quantity }) => adminWords.times(nameOf(resourceId), quantity)).join(', ');

/** Booked cases have values of their own for these. */
const carriedFields = [
  'minutes',
  'setupMinutes',
  'cleanupMinutes',
  'turnoverByRoom',
  'equipment',
  'bed',
  'capabilities',
] as const satisfies (keyof CreateProcedure)[];

const page: RecordsPage<Procedure, Values, CreateProcedure> = {
  id: 'procedures',
  newTitle: words.new,
  columns: [
    { id: 'name', header: words.name, width: 'minmax(170px, 1.6fr)', read: ({ name }) => name },
    {
      id: 'shortName',
      header: words.shortName,
      width: 'minmax(80px, 0.7fr)',
      read: ({ shortName }) => shortName ?? '',
    },
    { id: 'service', header: words.service, width: 'minmax(100px, 0.9fr)', read: ({ service }) => service },
    {
      id: 'minutes',
      header: words.minutes,
      width: '120px',
      read: ({ minutes }) => minutes,
      cell: ({ minutes, spread }) => words.length(minutes, spread),
    },
    {
      id: 'equipment',
      header: words.equipment,
      width: 'minmax(130px, 1.2fr)',
      read: ({ equipment }) => equipmentText(equipment),
    },
    {
      id: 'bed',
      header: words.bed,
      width: 'minmax(100px, 0.8fr)',
      read: ({ bed }) => (bed ? words.bedNights(nameOf(bed.resourceId), bed.nights) : ''),
    },
  ],
  nameOf: ({ name }) => name,
  isRetired: ({ active }) => !active,
  blank,
  valuesOf: ({
    name,
    shortName,
    service,
    minutes,
    spread,
    setupMinutes,
    cleanupMinutes,
    turnoverByRoom,
    capabilities,
    equipment,
    bed,
  }) => ({
    name,
    shortName: shortName ?? '',
    service,
    minutes,
    spread,
    setupMinutes,
    cleanupMinutes,
    turnoverByRoom,
    capabilities,
    equipment,
    bedId: bed?.resourceId ?? '',
    nights: bed?.nights ?? 1,
  }),
  bodyOf,
  schema: createProcedure,
  errorsOf: nameErrors,
  Fields,
  add: addProcedures,
  change: changeProcedures,
  shownFirst: (item, edit) =>
    carriedFields.some((field) => field in edit)
      ? { command: 'changeProcedure', id: item.id, body: { version: item.version, ...edit } }
      : null,
  secondary: (item) => ({
    label: item.active ? adminWords.retire : adminWords.restore,
    run: (_decisions, saving) =>
      changeProcedures([{ item, edit: { active: !item.active }, decisions: null }], saving),
  }),
};

const none: readonly Resource[] = [];

/** All procedures of the site. */
export const Procedures = () => (
  <Records page={page} items={useStore(boardStore, ({ view }) => view?.board.procedures ?? null)} />
);

function Fields({ form, items, item, isNew }: FieldsProps<Procedure, Values>) {
  const resources = useStore(boardStore, ({ view }) => view?.board.resources ?? none);
  const active = resources.filter((each) => each.active).toSorted(byPosition);
  const beds = active
    .filter(({ kind }) => kind === 'bed')
    .map(({ id, name }) => ({ value: id, label: name }));
  const capabilities = resources.flatMap(({ attributes }) => attributes.capabilities ?? []);
  return (
    <>
      {(isNew || item) && (
        <>
          <TextField form={form} field="name" label={words.name} />
          <TextField form={form} field="shortName" label={words.shortName} help={words.shortNameHelp} />
        </>
      )}
      <SuggestField
        form={form}
        field="service"
        label={words.service}
        suggestions={items.map(({ service }) => service)}
      />
      <div className={styles.pair}>
        <NumberField form={form} field="minutes" label={words.minutes} help={words.minutesHelp} />
        <NumberField form={form} field="spread" label={words.spread} help={words.spreadHelp} />
      </div>
      <div className={styles.pair}>
        <NumberField form={form} field="setupMinutes" label={words.setup} />
        <NumberField form={form} field="cleanupMinutes" label={words.cleanup} />
      </div>
      <TurnoverByRoomField form={form} rooms={active.filter(({ kind }) => kind === 'room')} />
      <TagsField form={form} field="capabilities" label={words.capabilities} suggestions={capabilities} />
      <EquipmentField form={form} pools={active.filter(({ kind }) => kind === 'equipment')} />
      <div className={styles.pair}>
        <SelectField
          form={form}
          field="bedId"
          label={words.bed}
          options={[{ value: '', label: words.noBed }, ...beds]}
          shown={(id: string) => nameOf(id) || words.noBed}
        />
        {form.values.bedId !== '' && <NumberField form={form} field="nights" label={words.nights} />}
      </div>
    </>
  );
}

/** The resources, and the chosen ones that were retired since. */
const optionsOf = (resources: readonly Resource[], chosen: readonly string[]) => [
  ...resources.map(({ id, name }) => ({ value: id, label: name })),
  ...chosen
    .filter((id) => resources.every((each) => each.id !== id))
    .map((id) => ({ value: id, label: nameOf(id) })),
];

const turnoverText = (rooms: Values['turnoverByRoom']) =>
  rooms
    .map(({ roomId, setupMinutes, cleanupMinutes }) =>
      words.turnoverIn(nameOf(roomId), setupMinutes, cleanupMinutes),
    )
    .join(', ');

/** The rooms in which the setup and cleanup differ, and the minutes in each. */
function TurnoverByRoomField({
  form,
  rooms,
}: {
  form: FieldsProps<Procedure, Values>['form'];
  rooms: readonly Resource[];
}) {
  const { turnoverByRoom, setupMinutes, cleanupMinutes } = form.values;
  const chosen = turnoverByRoom.map(({ roomId }) => roomId);
  const usual = { setupMinutes: Number(setupMinutes), cleanupMinutes: Number(cleanupMinutes) };
  const set = (roomId: string, minutes: Partial<typeof usual>) =>
    form.set(
      'turnoverByRoom',
      turnoverByRoom.map((each) => (each.roomId === roomId ? { ...each, ...minutes } : each)),
    );
  return (
    <>
      <MultiSelect
        {...fieldProps({
          form,
          field: 'turnoverByRoom',
          label: words.otherRooms,
          help: words.otherRoomsHelp,
          shown: turnoverText,
        })}
        data={optionsOf(rooms, chosen)}
        searchable
        openOnFocus={false}
        value={chosen}
        onChange={(ids: string[]) =>
          form.set(
            'turnoverByRoom',
            ids.map(
              (roomId) => turnoverByRoom.find((each) => each.roomId === roomId) ?? { roomId, ...usual },
            ),
          )
        }
      />
      {turnoverByRoom.map(({ roomId, ...minutes }) => (
        <div key={roomId} className={styles.pair}>
          {(['setupMinutes', 'cleanupMinutes'] as const).map((field) => (
            <NumberInput
              key={field}
              size="xs"
              label={words.minutesIn[field](nameOf(roomId))}
              readOnly={form.isSaving}
              min={0}
              max={240}
              allowDecimal={false}
              hideControls
              value={minutes[field]}
              onChange={(value) => set(roomId, { [field]: Number(value) })}
            />
          ))}
        </div>
      ))}
    </>
  );
}

/** The equipment, and of each how many units. */
function EquipmentField({
  form,
  pools,
}: {
  form: FieldsProps<Procedure, Values>['form'];
  pools: readonly Resource[];
}) {
  const { equipment } = form.values;
  const chosen = equipment.map(({ resourceId }) => resourceId);
  return (
    <>
      <MultiSelect
        {...fieldProps({ form, field: 'equipment', label: words.equipment, shown: equipmentText })}
        data={optionsOf(pools, chosen)}
        searchable
        openOnFocus={false}
        value={chosen}
        onChange={(ids: string[]) =>
          form.set(
            'equipment',
            ids.map(
              (id) =>
                equipment.find(({ resourceId }) => resourceId === id) ?? { resourceId: id, quantity: 1 },
            ),
          )
        }
      />
      {equipment.map(({ resourceId, quantity }) => (
        <NumberInput
          key={resourceId}
          size="xs"
          label={words.quantityOf(nameOf(resourceId))}
          readOnly={form.isSaving}
          min={1}
          allowDecimal={false}
          value={quantity}
          onChange={(value) =>
            form.set(
              'equipment',
              equipment.map((each) =>
                each.resourceId === resourceId ? { resourceId, quantity: Number(value) || 1 } : each,
              ),
            )
          }
        />
      ))}
    </>
  );
}
