import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { urgency } from '@slate/shared/cases';
import { nameIn } from '../../stores/board.ts';
import { valuesOf } from '../../stores/typed.ts';
import type { TypedField } from '../../stores/typed.ts';
import { Callout } from '../../ui/callout.tsx';
import { urgencyWords } from '../../words/cases.ts';
import { caseFormWords as words } from '../../words/case-form.ts';
import { BedField } from './bed-field.tsx';
import { Contested } from './contested.tsx';
import { EquipmentField } from './equipment-field.tsx';
import { ProcedureField } from './procedure-field.tsx';
import { SurgeonField } from './surgeon-field.tsx';
import { underField } from './under-field.tsx';
import type { Form } from './use-form.ts';
import styles from './fields.module.css';

type Props = {
  form: Form;
  /** Whether the start may be changed. An office places a new hold instead. */
  mayMove: boolean;
  /** Whether a title can be entered next to the procedure. */
  hasTitle: boolean;
};

/** The fields of a hold, a booked case or a depot case. */
export function Fields({ form, mayMove, hasTitle }: Props) {
  const { draft, parsed, catalog, errors, isReadOnly, set } = form;
  const { item, typed, initial } = draft;
  const { candidate } = parsed;
  const isPlaced = item.start !== null;
  const now = valuesOf(item, catalog.zone);
  const text = (field: 'start' | 'dueBy') => typed[field] ?? now[field];
  const common = (field: TypedField) =>
    ({ size: 'xs', readOnly: isReadOnly, error: errors[field], ...underField(form, field) }) as const;
  return (
    <div className={styles.fields}>
      {initial.roomId !== null && item.roomId !== null && initial.roomId !== item.roomId && (
        <Callout>{words.moved(nameIn(catalog, item.roomId), nameIn(catalog, initial.roomId))}</Callout>
      )}
      <div className={styles.pair}>
        {isPlaced && (
          <TextInput
            {...common('start')}
            label={words.start}
            readOnly={isReadOnly || !mayMove}
            title={mayMove ? undefined : words.startIsFixed}
            inputMode="numeric"
            value={text('start')}
            onChange={(event) => set({ start: event.currentTarget.value })}
          />
        )}
        <TextInput
          {...common('minutes')}
          label={words.length}
          inputMode="numeric"
          rightSection={<span className={styles.unit}>{words.unit}</span>}
          value={typed.minutes ?? String(candidate.minutes)}
          onChange={(event) => set({ minutes: event.currentTarget.value })}
        />
      </div>
      <Contested form={form} field="start" />
      <Contested form={form} field="minutes" />
      <ProcedureField form={form} isFirst={item.procedureId === null} />
      <Contested form={form} field="procedureId" />
      {hasTitle && (
        <TextInput
          {...common('title')}
          label={words.title}
          value={typed.title ?? candidate.title ?? ''}
          onChange={(event) => set({ title: event.currentTarget.value })}
        />
      )}
      <Contested form={form} field="title" />
      <SurgeonField form={form} isFirst={item.procedureId !== null && item.surgeonId === null} />
      <Contested form={form} field="surgeonId" />
      <div className={styles.pair}>
        <TextInput
          {...common('patientRef')}
          label={words.patient}
          autoComplete="off"
          data-autofocus={(item.procedureId !== null && item.surgeonId !== null) || undefined}
          value={typed.patientRef ?? item.patientRef ?? ''}
          onChange={(event) => set({ patientRef: event.currentTarget.value })}
        />
        <NativeSelect
          size="xs"
          label={words.urgency}
          disabled={isReadOnly}
          error={errors.urgency}
          {...underField(form, 'urgency')}
          data={urgency.options.map((value) => ({ value, label: urgencyWords[value] }))}
          value={candidate.urgency}
          onChange={(event) => set({ urgency: urgency.parse(event.currentTarget.value) })}
        />
      </div>
      <Contested form={form} field="patientRef" />
      <Contested form={form} field="urgency" />
      {(candidate.urgency !== 'elective' || item.dueBy !== null) && (
        <TextInput
          {...common('dueBy')}
          type="datetime-local"
          label={words.dueBy}
          value={text('dueBy')}
          onChange={(event) => set({ dueBy: event.currentTarget.value })}
        />
      )}
      <Contested form={form} field="dueBy" />
      <EquipmentField form={form} />
      <Contested form={form} field="equipment" />
      <BedField form={form} />
      <Contested form={form} field="bed" />
      <Textarea
        {...common('note')}
        label={words.note}
        autosize
        minRows={1}
        maxRows={4}
        value={typed.note ?? item.note ?? ''}
        onChange={(event) => set({ note: event.currentTarget.value })}
      />
      <Contested form={form} field="note" />
    </div>
  );
}
