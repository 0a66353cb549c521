import type { ResourceKind } from '@slate/shared/resources';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { boardStore } from '../../../stores/board.ts';

/** The resources of a kind, also retired ones, as the feed keeps them; null: not loaded yet. */
export function useResources(kind: ResourceKind) {
  const resources = useStore(boardStore, ({ view }) => view?.board.resources ?? null);
  return useMemo(() => resources && resources.filter((each) => each.kind === kind), [resources, kind]);
}
