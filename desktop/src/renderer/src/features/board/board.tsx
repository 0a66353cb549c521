import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { boardStore } from '../../stores/board.ts';
import type { BoardState } from '../../stores/board.ts';
import { Empty } from './empty.tsx';
import { Grid } from './grid.tsx';
import { Skeleton } from './skeleton.tsx';

/** What of the board is the same whatever its cases do: with these the grid is not drawn, its lanes are. */
const frameOf = ({ view }: BoardState) =>
  view && { date: view.date, days: view.days, rooms: view.rooms, zone: view.board.site.timeZone };
const isNothingIn = ({ view }: BoardState) => view?.board.cases.length === 0 && view.board.busy.length === 0;

/** The day or the week of all rooms. */
export function Board() {
  const frame = useStore(boardStore, useShallow(frameOf));
  const isEmpty = useStore(boardStore, isNothingIn);
  if (!frame) return <Skeleton />;
  return (
    <>
      <Grid {...frame} />
      {isEmpty && <Empty />}
    </>
  );
}
