// A key has one spelling, in the table and from an event: modifiers in this order, then the key as the browser
// names it. A letter is spelled small, a sign as it is printed: whether it takes Shift depends on the keyboard.

export type Pressed = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey' | 'getModifierState'
>;

const isLetter = (key: string) => /^[a-z]$/i.test(key);

function nameOf({ key, code, altKey }: Pressed): string {
  if (key === ' ') return 'Space';
  // On a Mac, Alt makes other signs of digits and letters.
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  if (altKey && digit !== undefined) return digit;
  if (isLetter(key)) return key.toLowerCase();
  // Keyboards that write no Latin letters: by where the key lies.
  const place = /^Key([A-Z])$/.exec(code)?.[1];
  const isOtherScript = key.length === 1 && /\p{Letter}/u.test(key) && place !== undefined;
  return isOtherScript ? place.toLowerCase() : key;
}

export function spell(pressed: Pressed, isMac: boolean): string {
  const name = nameOf(pressed);
  const isSign = name.length === 1 && !isLetter(name) && !/\d/.test(name);
  // AltGr is Ctrl and Alt to Windows, and only the way to write a sign.
  const isWritten = isSign && pressed.getModifierState('AltGraph');
  const isCommand = isMac ? pressed.metaKey : pressed.ctrlKey && !isWritten;
  const isStrange = isMac ? pressed.ctrlKey : pressed.metaKey;
  return [
    isCommand && 'Ctrl',
    isStrange && 'Meta',
    pressed.altKey && !isWritten && 'Alt',
    pressed.shiftKey && !isSign && 'Shift',
    name,
  ]
    .filter((part) => part !== false)
    .join('+');
}

/** A letter, digit or sign alone: what somebody could also mean to type. */
export const isSingle = (keys: string) => keys.length === 1 || /^Shift\+.$/.test(keys);

export const arrows = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const;

export const isMac = /mac|iphone|ipad/i.test(navigator.platform);

const shown: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Enter: '↵',
  Escape: 'Esc',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
};
const shownOnMac: Readonly<Record<string, string>> = { Ctrl: '⌘', Alt: '⌥', Shift: '⇧' };

/** As it is printed on the keys of this platform: `['Ctrl', 'K']`. */
export const keycaps = (keys: string, onMac = isMac): string[] =>
  keys
    .split(/\+(?=.)/)
    .map(
      (part) =>
        (onMac ? shownOnMac[part] : undefined) ?? shown[part] ?? (isLetter(part) ? part.toUpperCase() : part),
    );

const spoken: Readonly<Record<string, string>> = { Ctrl: 'Control', '[': '[', ']': ']' };

/** As `aria-keyshortcuts` wants it. */
export const ariaKeys = (keys: readonly string[], onMac = isMac): string =>
  keys
    .map((each) =>
      each
        .split(/\+(?=.)/)
        .map((part) =>
          part === 'Ctrl' && onMac ? 'Meta' : (spoken[part] ?? (isLetter(part) ? part.toUpperCase() : part)),
        )
        .join('+'),
    )
    .join(' ');
