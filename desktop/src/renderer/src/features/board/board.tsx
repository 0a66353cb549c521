import { useStore } from 'zustand';
import { boardStore } from '../../stores/board.ts';

export function Board() {
  const view = useStore(boardStore, (state) => state.view);
  return <pre>{view?.rooms.map(({ id, name }) => `${name} ${view.lanes.get(id)?.cases.length}\n`)}</pre>;
}
