import { MultiSelect, TextInput } from '@mantine/core';
import type { Holiday } from '@slate/shared/block-templates';
import { createHoliday } from '@slate/shared/contract/blocks';
import type { BlockEdit, BlockEffect } from '@slate/shared/contract/blocks';
import { validationMessage } from '@slate/shared/validation-message';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { addHoliday, changeHoliday, removeHoliday } from '../../../commands/blocks.ts';
import { administrationStore, draftKey, openRecords } from '../../../stores/administration.ts';
import { nameOf } from '../../../stores/board.ts';
import { ReturnFocus } from '../../../ui/return-focus.tsx';
import { adminWords } from '../../../words/administration.ts';
import { blockWords as words } from '../../../words/blocks.ts';
import { dateWords } from '../../../words/time.ts';
import { FailedPage } from '../frame/failed-page.tsx';
import type { Column } from '../frame/column.ts';
import { fieldProps, TextField } from '../frame/fields.tsx';
import { RecordList } from '../frame/record-list.tsx';
import { fieldOf } from '../frame/use-record-form.ts';
import { resourceOptions, useResources } from '../frame/resources.ts';
import { blockEffects } from './effect.tsx';
import { RulePanel } from '../frame/rule-panel.tsx';
import { useRules } from '../frame/use-rules.ts';
import { blockRules } from './block-rules.ts';

const roomsOf = ({ roomIds }: Holiday) => roomIds?.map(nameOf).join(', ') ?? words.allRooms;
const columns: readonly Column<Holiday>[] = [
  {
    id: 'date',
    header: words.holidayDate,
    width: '170px',
    read: ({ date }) => date,
    cell: ({ date }) => dateWords(date),
  },
  { id: 'name', header: words.holidayName, width: '1fr', read: ({ name }) => name },
  { id: 'rooms', header: words.holidayRooms, width: '1.5fr', read: roomsOf },
];

/** The days on which templates make no blocks. */
export function Holidays() {
  const { rules, hasFailed, reload } = useRules(blockRules);
  const open = useStore(administrationStore, (state) => state.open);
  const drafts = useStore(administrationStore, (state) => state.drafts);
  if (!rules && hasFailed) return <FailedPage title={words.holidaysFailed} retry={reload} />;
  return (
    <>
      <RecordList
        label={adminWords.page.holidays}
        items={rules?.holidays ?? null}
        columns={columns}
        nameOf={({ name }) => name}
        openIds={open ?? []}
        hasDraft={(id) => drafts.has(draftKey('holidays', [id]))}
        open={openRecords}
        openTogether={null}
      />
      {open && rules && (
        <ReturnFocus key={draftKey('holidays', open)}>
          <HolidayPanel ids={open} holidays={rules.holidays} />
        </ReturnFocus>
      )}
    </>
  );
}

type Values = { date: string; name: string; roomIds: readonly string[] };
const blank: Values = { date: '', name: '', roomIds: [] };
const valuesOf = ({ date, name, roomIds }: Holiday): Values => ({ date, name, roomIds: roomIds ?? [] });
const fieldsOf = ({ date, name, roomIds }: Values) => ({
  date,
  name,
  roomIds: roomIds.length > 0 ? [...roomIds] : null,
});

function HolidayPanel({ ids, holidays }: { ids: readonly string[]; holidays: readonly Holiday[] }) {
  const before = holidays.find(({ id }) => id === ids[0]) ?? null;
  const latest = useMemo(() => (before ? valuesOf(before) : blank), [before]);
  const rooms = useResources('room');
  return (
    <RulePanel<Values, BlockEdit, BlockEffect>
      {...blockEffects}
      page="holidays"
      ids={ids}
      title={before ? words.editHoliday(before.name) : words.newHoliday}
      latest={latest}
      check={(values) => {
        const { error } = createHoliday.safeParse(fieldsOf(values), { error: validationMessage });
        return Object.fromEntries(
          (error?.issues ?? []).toReversed().map(({ path, message }) => [fieldOf(path.join('.')), message]),
        );
      }}
      fieldOf={fieldOf}
      editOf={(values) => ({ kind: 'holiday', ...(before && { id: before.id }), after: fieldsOf(values) })}
      removal={
        before && {
          edit: { kind: 'holiday', id: before.id, after: null },
          change: { command: 'removeHoliday', id: before.id, body: { version: before.version } },
          run: (terms) => removeHoliday(before, { name: before.name, ...terms }),
        }
      }
      isGone={ids.length > 0 && !before}
      changeOf={(values) =>
        before
          ? {
              command: 'changeHoliday',
              id: before.id,
              body: { version: before.version, ...fieldsOf(values) },
            }
          : { command: 'createHoliday', body: fieldsOf(values) }
      }
      save={(values, given) => {
        const terms = { name: values.name, ...given };
        return before ? changeHoliday(before, fieldsOf(values), terms) : addHoliday(fieldsOf(values), terms);
      }}
    >
      {(form) => (
        <>
          <TextInput {...fieldProps({ form, field: 'date', label: words.holidayDate })} type="date" />
          <TextField form={form} field="name" label={words.holidayName} help={words.holidayHelp} />
          <MultiSelect
            {...fieldProps({ form, field: 'roomIds', label: words.holidayRooms })}
            placeholder={form.values.roomIds.length === 0 ? words.allRooms : ''}
            data={resourceOptions(rooms, ...form.values.roomIds)}
            searchable
            openOnFocus={false}
          />
        </>
      )}
    </RulePanel>
  );
}
