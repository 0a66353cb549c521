import { NumberInput, Select } from '@mantine/core';
import { byName } from '../../stores/board.ts';
import { caseFormWords as words } from '../../words/case-form.ts';
import { picking } from '../../forms/picking.ts';
import { underField } from './under-field.tsx';
import type { Form } from './use-form.ts';
import styles from './fields.module.css';

/** Where the patient goes afterwards, and for how many nights. */
export function BedField({ form }: { form: Form }) {
  const { parsed, catalog, errors, isReadOnly, set } = form;
  const { bed } = parsed.candidate;
  const wards = [...catalog.resources.values()]
    .filter(({ kind, active, id }) => kind === 'bed' && (active || id === bed?.resourceId))
    .toSorted(byName);
  return (
    <div className={styles.pair}>
      <Select
        {...picking}
        label={words.bed}
        placeholder={words.noBed}
        clearable={!isReadOnly}
        readOnly={isReadOnly}
        // Who came on days that are not on this board may lie there still: only the server knows how many are free.
        data={wards.map(({ id, name, capacity }) => ({
          value: id,
          label: `${name} · ${words.freeUnknown(capacity)}`,
        }))}
        value={bed?.resourceId ?? null}
        onChange={(value) =>
          set({ bed: value === null ? null : { resourceId: value, nights: bed?.nights ?? 1 } })
        }
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
