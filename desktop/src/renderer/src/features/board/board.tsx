import { useStore } from 'zustand';
import { boardStore } from '../../stores/board.ts';
import { Empty } from './empty.tsx';
import { Grid } from './grid.tsx';
import { Skeleton } from './skeleton.tsx';

/** The day or the week of all rooms. */
export function Board() {
  const view = useStore(boardStore, (state) => state.view);
  if (!view) return <Skeleton />;
  const isEmpty = view.board.cases.length === 0 && view.board.busy.length === 0;
  return (
    <>
      <Grid view={view} />
      {isEmpty && <Empty />}
    </>
  );
}
