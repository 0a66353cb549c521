import { NumberInput, Select } from '@mantine/core';
import { byPosition } from '@slate/shared/resources';
import type { Resource } from '@slate/shared/resources';
import { localDateOf } from '@slate/shared/time';
import { useState } from 'react';
import { selectProps } from '../../forms/select-props.ts';
import { today } from '../../stores/view.ts';
import { caseFormWords as words } from '../../words/case-form.ts';
import { useFreeBeds } from '../pools/use-stays.ts';
import { underField } from './under-field.tsx';
import type { Form } from './use-form.ts';
import styles from './fields.module.css';

/** The recovery bed, the nights, and how many beds of each pool are free then. */
export function BedField({ form }: { form: Form }) {
  const { parsed, catalog, errors, isReadOnly, set } = form;
  const { bed, start } = parsed.candidate;
  const [isOpen, open] = useState(false);
  const freeBeds = useFreeBeds(parsed.candidate, isOpen || bed !== null);
  const nights = bed?.nights ?? 1;
  const isTonight = start !== null && localDateOf(start, catalog.zone) === today();
  const countOf = ({ id, capacity }: Resource) => {
    const free = freeBeds(id, nights);
    return free === null ? words.beds(capacity) : words.bedsFree(free, capacity, nights, isTonight);
  };
  const wards = [...catalog.resources.values()]
    .filter(({ kind, active, id }) => kind === 'bed' && (active || id === bed?.resourceId))
    .toSorted(byPosition);
  return (
    <div className={styles.pair}>
      <Select
        {...selectProps}
        label={words.bed}
        placeholder={words.noBed}
        clearable={!isReadOnly}
        readOnly={isReadOnly}
        data={wards.map((ward) => ({ value: ward.id, label: `${ward.name} · ${countOf(ward)}` }))}
        onDropdownOpen={() => open(true)}
        value={bed?.resourceId ?? null}
        onChange={(value) => set({ bed: value === null ? null : { resourceId: value, nights } })}
        error={errors.bed}
        {...underField(form, 'bed')}
      />
      <NumberInput
        size="xs"
        label={words.nights}
        readOnly={isReadOnly}
        disabled={bed === null}
        allowDecimal={false}
        min={1}
        max={60}
        value={bed?.nights ?? ''}
        onChange={(value) => {
          if (bed) set({ bed: { ...bed, nights: Number(value) } });
        }}
      />
    </div>
  );
}
