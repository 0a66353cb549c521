import { byPosition } from '@slate/shared/resources';
import { ActionIcon, Input, Select } from '@mantine/core';
import type { Case } from '@slate/shared/cases';
import { useStore } from 'zustand';
import { searchSelectProps } from '../../forms/select-props.ts';
import { freeUnits } from '../../preview/claims.ts';
import { boardStore } from '../../stores/board.ts';
import { myScope } from '../../stores/session.ts';
import { caseFormWords as words } from '../../words/case-form.ts';
import { underField } from './under-field.tsx';
import type { Form } from './use-form.ts';
import styles from './fields.module.css';

/** The equipment the case needs, and how many of each are free at its time. */
export function EquipmentField({ form }: { form: Form }) {
  const { parsed, catalog, errors, isReadOnly, set } = form;
  const { equipment } = parsed.candidate;
  const free = useFree(parsed.candidate);
  const pools = [...catalog.resources.values()]
    .filter(({ kind, active }) => kind === 'equipment' && active)
    .filter(({ id }) => !equipment.some(({ resourceId }) => resourceId === id))
    .toSorted(byPosition);
  const put = (resourceId: string, quantity: number) =>
    set({
      equipment: equipment.flatMap((need) =>
        need.resourceId !== resourceId ? [need] : quantity > 0 ? [{ resourceId, quantity }] : [],
      ),
    });
  return (
    <Input.Wrapper
      size="xs"
      label={words.equipment}
      labelElement="div"
      error={errors.equipment}
      {...underField(form, 'equipment')}
    >
      <ul className={styles.pools}>
        {equipment.map(({ resourceId, quantity }) => {
          const pool = catalog.resources.get(resourceId);
          const name = pool?.name ?? '';
          const left = free(resourceId);
          const isShort = left !== null && left < quantity;
          return (
            <li key={resourceId} className={styles.pool}>
              <span className={styles.poolName}>{name}</span>
              <span className={styles.free} data-short={isShort}>
                {isShort && <span aria-hidden="true">✕ </span>}
                {left === null
                  ? words.freeUnknown(pool?.capacity ?? 0)
                  : words.freeOf(left, pool?.capacity ?? 0)}
              </span>
              {!isReadOnly && (
                <ActionIcon
                  size="xs"
                  variant="default"
                  aria-label={words.less(name)}
                  onClick={() => put(resourceId, quantity - 1)}
                >
                  −
                </ActionIcon>
              )}
              <output className={styles.quantity} aria-label={words.quantityOf(name)}>
                {quantity}
              </output>
              {!isReadOnly && (
                <ActionIcon
                  size="xs"
                  variant="default"
                  aria-label={words.more(name)}
                  disabled={quantity >= (pool?.capacity ?? 1)}
                  onClick={() => put(resourceId, quantity + 1)}
                >
                  +
                </ActionIcon>
              )}
            </li>
          );
        })}
      </ul>
      {!isReadOnly && pools.length > 0 && (
        <Select
          {...searchSelectProps}
          aria-label={words.addEquipment}
          placeholder={words.addEquipment}
          nothingFoundMessage={words.noMoreEquipment}
          data={pools.map(({ id, name, capacity }) => {
            const left = free(id);
            const much = left === null ? words.freeUnknown(capacity) : words.freeOf(left, capacity);
            return { value: id, label: `${name} · ${much}` };
          })}
          value={null}
          onChange={(value) => {
            if (value !== null) set({ equipment: [...equipment, { resourceId: value, quantity: 1 }] });
          }}
        />
      )}
    </Input.Wrapper>
  );
}

/** Returns how many units of a pool are free for a case; null if the case has no time or not all cases are visible. */
function useFree(item: Case): (poolId: string) => number | null {
  const view = useStore(boardStore, (state) => state.view);
  return (poolId) => (view && myScope('cases.read') === 'any' ? freeUnits(view, poolId, item) : null);
}
