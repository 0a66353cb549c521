import type { Screen } from '../../stores/view.ts';
import { Board } from '../board/board.tsx';
import { CaseList } from '../list/list.tsx';

export function ScreenOf({ screen }: { screen: Screen }) {
  if (screen === 'list') return <CaseList />;
  return <Board />;
}
