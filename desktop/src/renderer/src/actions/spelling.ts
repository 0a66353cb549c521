// One spelling of a key, in the table and from an event: modifiers in this order, then the browser's name of the key.
// Letters are lower case. Signs have no Shift: whether they need it depends on the keyboard.

export type Pressed = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey' | 'getModifierState'
>;

const isLetter = (key: string) => /^[a-z]$/i.test(key);

function nameOf({ key, code, altKey }: Pressed): string {
  if (key === ' ') return 'Space';
  // On a Mac, Alt turns digits and letters into other signs.
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  if (altKey && digit !== undefined) return digit;
  if (isLetter(key)) return key.toLowerCase();
  // Keyboards without Latin letters: by the position of the key.
  const place = /^Key([A-Z])$/.exec(code)?.[1];
  const isOtherScript = key.length === 1 && /\p{Letter}/u.test(key) && place !== undefined;
  return isOtherScript ? place.toLowerCase() : key;
}

export function spell(pressed: Pressed, isMac: boolean): string {
  const name = nameOf(pressed);
  const isSign = name.length === 1 && !isLetter(name) && !/\d/.test(name);
  // Windows reports AltGr as Ctrl and Alt, although it only writes a sign.
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

/** A letter, digit or sign without modifiers: somebody may mean to type it. */
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

/** As printed on the keys of this platform: `['Ctrl', 'K']`. */
export const keycaps = (keys: string, onMac = isMac): string[] =>
  keys
    .split(/\+(?=.)/)
    .map(
      (part) =>
        (onMac ? shownOnMac[part] : undefined) ?? shown[part] ?? (isLetter(part) ? part.toUpperCase() : part),
    );

const spoken: Readonly<Record<string, string>> = { Ctrl: 'Control', '[': '[', ']': ']' };

/** In the format of `aria-keyshortcuts`. */
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
