import { useStore } from 'zustand';
import { boardStore } from '../../stores/board.ts';
import { Grid } from './grid.tsx';
import { Skeleton } from './skeleton.tsx';

/** The day or the week of all rooms. */
export function Board() {
  const view = useStore(boardStore, (state) => state.view);
  return view ? <Grid view={view} /> : <Skeleton />;
}
