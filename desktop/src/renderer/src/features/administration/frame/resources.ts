import type { Decision } from '@slate/shared/contract/decisions';
import { byPosition } from '@slate/shared/resources';
import type { Resource, ResourceKind } from '@slate/shared/resources';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { changeResources } from '../../../commands/administration.ts';
import type { Saving } from '../../../commands/administration.ts';
import { boardStore } from '../../../stores/board.ts';
import { adminWords as words } from '../../../words/administration.ts';
import type { Errors } from './use-record-form.ts';

/** The resources of a kind in their order, also retired ones, as the feed keeps them; null: not loaded yet. */
export function useResources(kind: ResourceKind) {
  const resources = useStore(boardStore, ({ view }) => view?.board.resources ?? null);
  return useMemo(
    () => resources && resources.filter((each) => each.kind === kind).toSorted(byPosition),
    [resources, kind],
  );
}

/** The options of a field: the active resources in their order, and the chosen ones, which may be retired. */
export const resourceOptions = (
  resources: readonly Resource[] | null,
  ...chosen: readonly (string | null | undefined)[]
) =>
  (resources ?? [])
    .filter(({ id, active }) => active || chosen.includes(id))
    .toSorted(byPosition)
    .map(({ id, name }) => ({ value: id, label: name }));

/** The parts of a page whose records are retired and brought back. */
export const retiring = {
  isRetired: ({ active }: Resource) => !active,
  secondary: (item: Resource) => ({
    label: item.active ? words.retire : words.restore,
    run: (decisions: readonly Decision[] | null, saving: Saving) =>
      changeResources([{ item, edit: { active: !item.active }, decisions }], saving),
  }),
};

/** Two records of one kind with the same name could not be told apart on the board. */
export const nameErrors = <Item extends { readonly name: string }>(
  { name }: { name: string },
  { items, of }: { items: readonly Item[]; of: Item | null },
): Errors =>
  items.some((item) => item !== of && item.name === name.trim())
    ? { name: words.nameTaken(name.trim()) }
    : {};
