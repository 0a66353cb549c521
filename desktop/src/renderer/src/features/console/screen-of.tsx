import type { ComponentType } from 'react';
import type { Screen } from '../../stores/view.ts';
import { Board } from '../board/board.tsx';
import { Figures } from '../figures/figures.tsx';
import { CaseList } from '../list/list.tsx';
import { Pools } from '../pools/pools.tsx';

const drawn: Record<Screen, ComponentType> = {
  day: Board,
  week: Board,
  list: CaseList,
  pools: Pools,
  figures: Figures,
};

export function ScreenOf({ screen }: { screen: Screen }) {
  const Drawn = drawn[screen];
  return <Drawn />;
}
