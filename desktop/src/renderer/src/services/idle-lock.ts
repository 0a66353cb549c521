import { isDesktop, shell } from '../shell/shell.ts';
import { idleStore } from '../stores/idle.ts';
import { lock, lockAfterMs, sessionStore, touch } from '../stores/session.ts';

/** The countdown starts this long before the lock. */
const warningMs = 30_000;
const checkMs = 1_000;

const activityEvents = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;

/** Locks when nobody has used the console for a while, and counts down the last seconds in `idleStore`. */
export function lockWhenIdle(): () => void {
  // The monotonic clock may stand still while the computer sleeps. The desktop program notices sleep and locks (DT14). A
  // browser does not report sleep, so there the wall clock counts too, although somebody may set it.
  const clocks = () => (isDesktop ? [performance.now()] : [performance.now(), Date.now()]);
  let last = clocks();
  const idleMs = () => Math.max(...clocks().map((now, at) => now - (last[at] ?? now)));

  function restartIdleTime() {
    last = clocks();
    if (idleStore.getState().secondsLeft !== null) idleStore.setState({ secondsLeft: null });
  }
  function check() {
    const session = sessionStore.getState();
    // Nobody uses a wall board, and it hides nothing.
    if (session.status !== 'signed_in' || session.site.role === 'wall') return restartIdleTime();
    const leftMs = lockAfterMs() - idleMs();
    if (leftMs <= 0) return void lock();
    if (leftMs > warningMs) return undefined;
    return idleStore.setState({ secondsLeft: Math.ceil(leftMs / 1000) });
  }
  /** Checks first: the person who wakes the computer after a long sleep may be somebody else. */
  function onActivity() {
    check();
    restartIdleTime();
    touch();
  }
  for (const sign of activityEvents)
    window.addEventListener(sign, onActivity, { capture: true, passive: true });
  const timer = setInterval(check, checkMs);
  // The idle time of a session starts with the session.
  const stopSession = sessionStore.subscribe(({ status }, before) => {
    if (status !== before.status) restartIdleTime();
  });
  return () => {
    stopSession();
    for (const sign of activityEvents) window.removeEventListener(sign, onActivity, { capture: true });
    clearInterval(timer);
  };
}

/**
 * Locks when the workstation locks; during a resume, as soon as it is complete. Listens even while nobody is signed in:
 * otherwise the bridge would keep the event and lock the next person's session.
 */
export function lockWithWorkstation(): () => void {
  let isDue = false;
  const check = () => {
    if (!isDue || sessionStore.getState().status === 'starting') return;
    isDue = false;
    void lock();
  };
  const stopListening = shell.on('lock', () => {
    isDue = true;
    check();
  });
  const stopLooking = sessionStore.subscribe(check);
  return () => {
    stopListening();
    stopLooking();
  };
}
