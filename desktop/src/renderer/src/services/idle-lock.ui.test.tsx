/** In a browser. The desktop program is in `lock.ui.test.tsx`. */
import { answerWith } from '../../../../test/answering.ts';
import { signInAs } from '../../../../test/signed-in.ts';
import { fireEvent } from '@testing-library/react';
import { onTestFinished, expect, test, vi } from 'vitest';
import { sessionStore } from '../stores/session.ts';
import { lockWhenIdle } from './idle-lock.ts';

test('DT14 a browser locks after a sleep, during which only the wall clock runs', () => {
  answerWith(() => ({ status: 204, body: '' }));
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  signInAs('coordinator');
  onTestFinished(lockWhenIdle());
  vi.advanceTimersByTime(60_000);
  fireEvent.keyDown(window, { key: 'a' });
  expect(sessionStore.getState().status).toBe('signed_in');
  vi.setSystemTime(Date.now() + 8 * 3_600_000);
  fireEvent.keyDown(window, { key: 'a' });
  expect(sessionStore.getState().status).toBe('locked');
});
