/** The keyboard of a virtual screen. An installed program accepts no debugger, so tests use it as a person does. */
import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

export type Keyboard = {
  /** Waits for a window with this title and gives it the focus. */
  focus(title: string): void;
  press(...keys: string[]): void;
  type(text: string): void;
};

export function keyboardOf(display: string): Keyboard {
  const xdotool = (...args: string[]) => {
    const { status, stderr } = spawnSync('xdotool', args, {
      encoding: 'utf8',
      env: { ...process.env, DISPLAY: display },
      timeout: 30_000,
    });
    if (status !== 0) throw new Error(`xdotool ${args.join(' ')}: ${stderr}`);
  };
  return {
    focus: (title) =>
      xdotool('search', '--sync', '--onlyvisible', '--name', `^${title}$`, 'windowfocus', '--sync'),
    press: (...keys) => xdotool('key', '--delay', '30', ...keys),
    type: (text) => xdotool('type', '--delay', '15', text),
  };
}

const patienceMs = 4_000;
const attempts = 10;

/** Repeats an action until it has an effect, because no event says when the program accepts input. */
export async function repeatUntil(hasEffect: () => boolean, act: () => void): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    act();
    const end = Date.now() + patienceMs;
    while (Date.now() < end) {
      if (hasEffect()) return;
      await delay(50);
    }
  }
  throw new Error(`It has no effect: ${act.toString()}`);
}
