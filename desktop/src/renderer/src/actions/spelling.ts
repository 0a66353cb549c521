// The table and events spell keys the same way: modifiers in a fixed order, then the browser's name of the key. Letters are
// lower case. Signs have no Shift, because the keyboard decides whether they need it.

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
  // On keyboards without Latin letters, use the position of the key.
  const place = /^Key([A-Z])$/.exec(code)?.[1];
  const isOtherScript = key.length === 1 && /\p{Letter}/u.test(key) && place !== undefined;
  return isOtherScript ? place.toLowerCase() : key;
}

export function spell(pressed: Pressed, isMac: boolean): string {
  const name = nameOf(pressed);
  const isSign = name.length === 1 && !isLetter(name) && !/\d/.test(name);
  // Windows reports AltGr as Ctrl and Alt, although it only types a sign.
  const isAltGr = isSign && pressed.getModifierState('AltGraph');
  const isCommand = isMac ? pressed.metaKey : pressed.ctrlKey && !isAltGr;
  const isOtherModifier = isMac ? pressed.ctrlKey : pressed.metaKey;
  return [
    isCommand && 'Ctrl',
    isOtherModifier && 'Meta',
    pressed.altKey && !isAltGr && 'Alt',
    pressed.shiftKey && !isSign && 'Shift',
    name,
  ]
    .filter((part) => part !== false)
    .join('+');
}

/** Whether it is a letter, digit or sign without modifiers, which a person may want to type. */
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

/** Returns the key caps of this platform: `['Ctrl', 'K']`. */
export const keycaps = (keys: string, onMac = isMac): string[] =>
  keys
    .split(/\+(?=.)/)
    .map(
      (part) =>
        (onMac ? shownOnMac[part] : undefined) ?? shown[part] ?? (isLetter(part) ? part.toUpperCase() : part),
    );

const spoken: Readonly<Record<string, string>> = { Ctrl: 'Control', '[': '[', ']': ']' };

/** Returns the keys in the format of `aria-keyshortcuts`. */
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
