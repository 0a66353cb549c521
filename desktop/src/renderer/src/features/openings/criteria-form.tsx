import { MultiSelect, NumberInput, SegmentedControl, Select, UnstyledButton } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { cannotWait, dayTime, primeTime } from '@slate/shared/contract/reads';
import type { Board } from '@slate/shared/contract/reads';
import { urgency } from '@slate/shared/cases';
import { byPosition } from '@slate/shared/resources';
import type { ResourceKind } from '@slate/shared/resources';
import { useId, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import type { Criteria } from '../../stores/criteria.ts';
import { mySurgeons } from '../../stores/session.ts';
import { sessionStore } from '../../stores/session.ts';
import { today } from '../../stores/view.ts';
import { byWords } from '../../ui/by-words.ts';
import { DownIcon } from '../../ui/icons.tsx';
import { surgeonChoice, urgencyWords } from '../../words/cases.ts';
import { openingsWords as words } from '../../words/openings.ts';
import { usualMinutes } from '../../stores/criteria.ts';
import styles from './openings.module.css';

type Props = {
  board: Board;
  criteria: Criteria;
  change: (part: Partial<Criteria>) => void;
  /** Whether the search is for an existing case: then only place and time can be chosen. */
  isForCase: boolean;
  toResults: () => void;
};

const spans = [1, 3, 7, 14, 31];
const whose = ['any', 'own', 'open'] as const;
const shadow = { shadow: 'md' } as const;
const searchSelectProps = {
  size: 'xs',
  searchable: true,
  clearable: true,
  // Typing or an arrow key opens the list, so that it does not cover anything before.
  openOnFocus: false,
  filter: byWords(),
  limit: 60,
  nothingFoundMessage: words.noneSuch,
  comboboxProps: shadow,
} as const;

export function CriteriaForm({ board, criteria, change, isForCase, toResults }: Props) {
  const own = useStore(sessionStore, mySurgeons);
  const surgeons = ofKind(board, 'surgeon').filter(({ id }) => own === null || own.includes(id));
  const usual = usualMinutes(criteria, board);
  // Enter in a field moves the focus to the results.
  const onKeyDown = (event: KeyboardEvent) => {
    const { key, target } = event;
    if (key !== 'Enter' || !(target instanceof HTMLInputElement)) return;
    if (target.getAttribute('aria-expanded') === 'true') return;
    event.preventDefault();
    toResults();
  };
  return (
    <div className={styles.form} onKeyDown={onKeyDown}>
      {!isForCase && (
        <>
          <Select
            className={styles.wide}
            {...searchSelectProps}
            label={words.procedure}
            placeholder={words.procedureHint}
            data-autofocus
            autoFocus
            data={board.procedures
              .filter(({ active }) => active)
              .map(({ id, name }) => ({ value: id, label: name }))}
            value={criteria.procedureId}
            onChange={(procedureId) => change({ procedureId, minutes: null, equipment: null, bed: null })}
          />
          <Select
            {...searchSelectProps}
            label={words.surgeon}
            placeholder={words.surgeonHint}
            data={surgeons.map((each) => ({ value: each.id, label: surgeonChoice(each) }))}
            value={criteria.surgeonId}
            onChange={(surgeonId) => change({ surgeonId })}
          />
        </>
      )}
      <NumberInput
        size="xs"
        label={words.length}
        // Not the date: its calendar would open and cover the results.
        autoFocus={isForCase}
        placeholder={words.lengthHint(usual)}
        suffix={words.lengthUnit}
        min={5}
        max={1440}
        step={5}
        allowDecimal={false}
        value={criteria.minutes ?? ''}
        onChange={(value) => change({ minutes: typeof value === 'number' && value >= 5 ? value : null })}
      />
      <DateInput
        size="xs"
        label={words.from}
        firstDayOfWeek={0}
        valueFormat="ddd, MMM D, YYYY"
        minDate={today()}
        value={criteria.date}
        onChange={(date) => date !== null && change({ date })}
        popoverProps={shadow}
      />
      <Select
        size="xs"
        label={words.days}
        allowDeselect={false}
        data={spans.map((days) => ({ value: String(days), label: words.dayCount(days) }))}
        value={String(criteria.days)}
        onChange={(days) => change({ days: Number(days) })}
        comboboxProps={shadow}
      />
      <Select
        size="xs"
        label={words.times}
        allowDeselect={false}
        data={timesOf(criteria)}
        value={criteria.times ? keyOf(criteria.times) : usualTimes}
        onChange={(key) => change({ times: timesNamed(key) })}
        comboboxProps={shadow}
      />
      {!isForCase && (
        <Select
          size="xs"
          label={words.urgency}
          allowDeselect={false}
          data={urgency.options.map((value) => ({ value, label: urgencyWords[value] }))}
          value={criteria.urgency}
          onChange={(value) => value && change({ urgency: value })}
          comboboxProps={shadow}
        />
      )}
      <div className={styles.wide}>
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={words.blocks}
          data={whose.map((value) => ({ value, label: words.whose[value] }))}
          value={criteria.blocks}
          onChange={(blocks) => change({ blocks })}
        />
      </div>
      <More board={board} criteria={criteria} change={change} isForCase={isForCase} />
    </div>
  );
}

/** The less common criteria. */
function More({ board, criteria, change, isForCase }: Omit<Props, 'toResults'>) {
  const id = useId();
  const [isOpen, open] = useState(false);
  const rooms = ofKind(board, 'room');
  const capabilities = [...new Set(rooms.flatMap(({ attributes }) => attributes.capabilities ?? []))];
  const options = (kind: ResourceKind) =>
    ofKind(board, kind).map(({ id: value, name }) => ({ value, label: name }));
  const needed = new Map(criteria.equipment?.map(({ resourceId, quantity }) => [resourceId, quantity]));
  return (
    <>
      <UnstyledButton
        className={styles.more}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => open(!isOpen)}
      >
        <DownIcon /> {words.more}
      </UnstyledButton>
      <div id={id} className={styles.moreFields} hidden={!isOpen}>
        <MultiSelect
          size="xs"
          label={words.weekdays}
          placeholder={criteria.weekdays.length > 0 ? '' : words.anyDay}
          data={words.weekdayNames.map((label, nth) => ({ value: String(nth + 1), label }))}
          value={criteria.weekdays.map(String)}
          onChange={(days) => change({ weekdays: days.map(Number) })}
          comboboxProps={shadow}
        />
        <MultiSelect
          size="xs"
          label={words.rooms}
          searchable
          data={options('room')}
          value={[...criteria.roomIds]}
          onChange={(roomIds) => change({ roomIds })}
          comboboxProps={shadow}
        />
        <MultiSelect
          size="xs"
          label={words.capabilities}
          searchable
          data={capabilities.toSorted()}
          value={[...criteria.capabilities]}
          onChange={(chosen) => change({ capabilities: chosen })}
          comboboxProps={shadow}
        />
        {!isForCase && (
          <>
            <MultiSelect
              size="xs"
              label={words.equipment}
              placeholder={criteria.equipment ? '' : words.asUsual}
              searchable
              data={options('equipment')}
              value={[...needed.keys()]}
              onChange={(ids) => {
                const equipment = ids.map((resourceId) => ({
                  resourceId,
                  quantity: needed.get(resourceId) ?? 1,
                }));
                change({ equipment: equipment.length > 0 ? equipment : null });
              }}
              comboboxProps={shadow}
            />
            <div className={styles.pair}>
              <Select
                size="xs"
                label={words.bed}
                placeholder={words.asUsual}
                clearable
                data={options('bed')}
                value={criteria.bed?.resourceId ?? null}
                onChange={(resourceId) =>
                  change({
                    bed: resourceId === null ? null : { resourceId, nights: criteria.bed?.nights ?? 1 },
                  })
                }
                comboboxProps={shadow}
              />
              <NumberInput
                size="xs"
                label={words.nights}
                min={1}
                max={60}
                allowDecimal={false}
                disabled={!criteria.bed}
                value={criteria.bed?.nights ?? ''}
                onChange={(nights) => {
                  if (criteria.bed && typeof nights === 'number')
                    change({ bed: { ...criteria.bed, nights } });
                }}
              />
            </div>
          </>
        )}
      </div>
    </>
  );
}

type Times = NonNullable<Criteria['times']>;
const keyOf = ({ from, to }: Times) => `${from}–${to}`;
const usualTimes = 'usual';
const presets: readonly Times[] = [
  { from: primeTime.from, to: primeTime.to },
  { from: '06:00', to: '12:00' },
  { from: '12:00', to: '18:00' },
  { from: '18:00', to: '06:00' },
  { from: '00:00', to: '24:00' },
];

/** Returns the times of day to choose from, including a current one that is not standard. */
function timesOf({ times, urgency: how }: Criteria) {
  const isOther = times !== null && presets.every((each) => keyOf(each) !== keyOf(times));
  return [
    { value: usualTimes, label: cannotWait(how) ? words.anyHour : words.byDay(dayTime.from, dayTime.to) },
    ...presets.map((each, nth) => ({ value: keyOf(each), label: words.timesNamed[nth] ?? keyOf(each) })),
    ...(isOther ? [{ value: keyOf(times), label: keyOf(times) }] : []),
  ];
}

function timesNamed(key: string | null): Times | null {
  const [from, to] = key?.split('–') ?? [];
  return from !== undefined && to !== undefined ? { from, to } : null;
}

const ofKind = (board: Board, kind: ResourceKind) =>
  board.resources.filter((each) => each.kind === kind && each.active).toSorted(byPosition);
