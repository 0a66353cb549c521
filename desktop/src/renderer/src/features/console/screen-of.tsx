import type { Screen } from '../../stores/view.ts';
import { Board } from '../board/board.tsx';

export function ScreenOf({ screen: _screen }: { screen: Screen }) {
  return <Board />;
}
