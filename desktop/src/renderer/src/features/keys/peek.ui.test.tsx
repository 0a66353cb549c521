import { act, render, screen } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { aCase, aResource, loadBoard } from '../../../../../test/small-board.ts';
import { signInAs } from '../../../../../test/signed-in.ts';
import { setCursor } from '../../stores/cursor.ts';
import { peekAt, peekStore } from '../../stores/peek.ts';
import { announcementStore } from '../../stores/announcements.ts';
import { Peek } from './peek.tsx';

const room = aResource('room', 'OR 1');
const tower = aResource('equipment', 'C-arm', { capacity: 4 });
const knee = aCase(room, '10:00', 90, {
  title: 'Total knee',
  equipment: [{ resourceId: tower.id, quantity: 2 }],
});

beforeEach(() => {
  signInAs('coordinator');
  loadBoard({ resources: [room, tower], cases: [knee] });
  render(<Peek />);
  act(() => setCursor({ mode: 'case', caseId: knee.id, roomId: room.id, at: knee.start, minutes: null }));
  act(() => peekAt(knee.id));
});

test('the essentials of a case are shown and announced, with quantities', () => {
  const { textContent } = screen.getByRole('tooltip', { hidden: true });
  for (const shown of ['Total knee', 'OR 1', '10:00–11:30', '2 × C-arm'])
    expect(textContent).toContain(shown);
  expect(announcementStore.getState().polite.at(-1)?.text).toContain('Equipment 2 × C-arm');
});

test('moving the cursor closes the peek', () => {
  act(() => setCursor({ caseId: null }));
  expect(peekStore.getState().caseId).toBeNull();
  expect(screen.queryByRole('tooltip', { hidden: true })).toBeNull();
});
