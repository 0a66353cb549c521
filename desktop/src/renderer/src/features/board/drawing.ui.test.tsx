import { act, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import {
  setUpBoard,
  card,
  changeCase,
  hip,
  knee,
  otherCases,
  pointer,
  rooms,
  showBoard,
  windowSize,
  x,
  y,
} from '../../../../../test/shown-board.tsx';
import { setCursor } from '../../stores/cursor.ts';
import { spokenCase } from '../../words/board.ts';
import { layOut } from '../../board/lane-layout.ts';

vi.mock('../../api/client.ts', { spy: true });
vi.mock('../../words/board.ts', { spy: true });
vi.mock('../../board/lane-layout.ts', { spy: true });

setUpBoard();

describe('the board redraws only changed parts', () => {
  test('a change redraws one card and one lane', () => {
    showBoard();
    vi.mocked(spokenCase).mockClear();
    vi.mocked(layOut).mockClear();
    changeCase({ ...hip, title: 'Hip, left' });
    expect(vi.mocked(spokenCase).mock.calls.map(([{ title }]) => title)).toEqual(['Hip, left']);
    const lanes = new Set(vi.mocked(layOut).mock.calls.map(([, { room }]) => room.name));
    expect([...lanes]).toEqual(['OR 1']);
  });

  test('a case that changes rooms redraws its card, not its neighbors', () => {
    showBoard();
    vi.mocked(spokenCase).mockClear();
    changeCase({ ...hip, roomId: rooms[2]?.id ?? '' }, 'moved');
    expect(new Set(vi.mocked(spokenCase).mock.calls.map(([{ title }]) => title))).toEqual(new Set(['Hip']));
  });

  test('dragging redraws only the ghost', () => {
    showBoard();
    pointer(card(knee), 'pointerdown', x('08:10'), y(0));
    pointer(card(knee), 'pointermove', x('08:30'), y(0));
    vi.mocked(spokenCase).mockClear();
    vi.mocked(layOut).mockClear();
    for (let step = 0; step < 20; step++) {
      pointer(card(knee), 'pointermove', x('12:00') + step * 5, y(3 + (step % 4)));
    }
    expect(spokenCase).not.toHaveBeenCalled();
    expect(layOut).not.toHaveBeenCalled();
    expect(document.querySelector('[data-ghost]')).toBeTruthy();
  });

  test('rooms and times outside the window are not in the page, except under the cursor', () => {
    windowSize.height = 120;
    showBoard();
    expect(screen.getAllByRole('row').length).toBeLessThan(9);
    const [last] = otherCases.slice(-1);
    if (!last) throw new Error('There is no last room.');
    act(() =>
      setCursor({ mode: 'case', caseId: last.id, roomId: last.roomId, at: last.start, minutes: null }),
    );
    expect(card(last)).toBeTruthy();
  });
});
