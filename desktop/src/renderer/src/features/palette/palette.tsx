import { Modal } from '@mantine/core';
import { useId, useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import { isMac, keycaps, spell } from '../../actions/spelling.ts';
import { boardElement } from '../../board/focus.ts';
import { useEnabledKeys } from '../../forms/keys.tsx';
import { nameOf } from '../../stores/board.ts';
import { closePalette, paletteStore } from '../../stores/palette.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { useReturnFocus } from '../../ui/use-return-focus.ts';
import { whyNoOpening } from '../../words/openings.ts';
import { paletteWords as words } from '../../words/palette.ts';
import { dayWords } from '../../words/time.ts';
import type { Entry } from './entry.ts';
import { useEntries } from './use-entries.ts';
import { widerDays } from './use-slots.ts';
import styles from './palette.module.css';

/** The palette, over everything else: searches, goes to places and runs commands. */
export function Palette() {
  const isOpen = useStore(paletteStore, (state) => state.isOpen);
  return (
    <Modal.Root
      opened={isOpen}
      onClose={closePalette}
      size={640}
      yOffset="12vh"
      transitionProps={{ duration: 0 }}
      returnFocus={false}
      classNames={{ content: styles.palette ?? '' }}
    >
      <Modal.Overlay backgroundOpacity={0.45} />
      <Modal.Content aria-label={words.title} radius={10}>
        <Search />
      </Modal.Content>
    </Modal.Root>
  );
}

function Search() {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const { groups, slots, proposal, isDayTyped } = useEntries(text);
  const id = useId();
  useReturnFocus();
  // Immediately, because keys typed right after the opening key belong in the field.
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => input.current?.focus(), []);
  const entries = groups.flatMap((group) => group.entries);
  const active =
    entries.find((entry) => entry.id === chosen) ??
    // Enter must not guess the meaning of an ambiguous phrase.
    (entries[0]?.mustChoose ? undefined : (entries.find((entry) => entry.run) ?? entries[0]));
  const optionId = (entry: Entry) => `${id}-${entry.id}`;
  const activeId = active && optionId(active);

  useLayoutEffect(() => {
    if (activeId !== undefined) document.getElementById(activeId)?.scrollIntoView({ block: 'nearest' });
  }, [activeId]);

  // Visible slots need no visible count; screen readers still announce it.
  const isSeen = slots.status === 'found' && slots.openings.length > 0;

  const run = (entry: Entry | undefined) => {
    if (!entry?.run) return;
    closePalette();
    if (entry.isOnBoard) boardElement()?.focus({ preventScroll: true });
    entry.run();
  };
  const step = (by: number) => {
    const at = active ? entries.indexOf(active) : -1;
    setChosen(entries[(at + by + entries.length) % entries.length]?.id ?? null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const keys = spell(event.nativeEvent, isMac);
    const byKey = entries.find((entry) => entry.keys === keys && keys.startsWith('Alt+'));
    if (keys === 'ArrowDown') step(1);
    else if (keys === 'ArrowUp') step(-1);
    else if (keys === 'Enter') run(active);
    else if (keys === 'Ctrl+k') closePalette();
    else if (byKey) run(byKey);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <input
        ref={input}
        className={styles.input}
        role="combobox"
        aria-label={words.title}
        aria-expanded={entries.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={activeId}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        placeholder={words.placeholder}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setChosen(null);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={`${id}-list`} role="listbox" aria-label={words.results} className={styles.list}>
        {groups.map((group) => (
          <div key={group.id} role="group" aria-labelledby={`${id}-${group.id}`}>
            <div id={`${id}-${group.id}`} role="presentation" className={styles.group}>
              {group.name}
            </div>
            {group.entries.map((entry) => (
              <Option
                key={entry.id}
                id={optionId(entry)}
                entry={entry}
                isActive={entry === active}
                choose={() => setChosen(entry.id)}
                run={() => run(entry)}
              />
            ))}
          </div>
        ))}
      </div>
      <p role="status" className={styles[isSeen ? 'unseen' : 'status']}>
        {statusOf({
          slots,
          minutes: proposal?.minutes ?? 0,
          isDayTyped,
          text,
          isEmpty: entries.length === 0,
        })}
      </p>
      <p className={styles.hints} aria-hidden="true">
        <Kbd>{keycaps('ArrowUp')}</Kbd> <Kbd>{keycaps('ArrowDown')}</Kbd> {words.hints.choose}
        <Kbd>{keycaps('Enter')}</Kbd> {words.hints.run}
        <Kbd>{keycaps('Escape')}</Kbd> {words.hints.close}
      </p>
    </>
  );
}

type OptionProps = { id: string; entry: Entry; isActive: boolean; choose: () => void; run: () => void };

/** A longer judgment gets a line of its own. */
const maxInlineLength = 24;

function Option({ id, entry, isActive, choose, run }: OptionProps) {
  const { label, detail, judgment, keys } = entry;
  const isEnabled = useEnabledKeys();
  const verdict = judgment && <span className={styles[judgment.tone]}>{judgment.text}</span>;
  const isShort = judgment !== null && judgment.text.length <= maxInlineLength - 1;
  return (
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      aria-disabled={entry.run === null || undefined}
      className={styles.option}
      onPointerMove={isActive ? undefined : choose}
      onClick={run}
    >
      <span className={styles.text}>
        <span className={styles.label}>
          {label.map((part) =>
            typeof part === 'string' ? part : <strong key={part.strong}>{part.strong}</strong>,
          )}
          {judgment && isShort && <> — {verdict}</>}
        </span>
        {judgment && !isShort && <span className={styles.detail}>{verdict}</span>}
        {detail !== null && <span className={styles.detail}>{detail}</span>}
      </span>
      {keys !== null && isEnabled(keys) && <Kbd isHidden>{keycaps(keys).join(' ')}</Kbd>}
    </div>
  );
}

type StatusProps = {
  slots: ReturnType<typeof useEntries>['slots'];
  minutes: number;
  isDayTyped: boolean;
  text: string;
  isEmpty: boolean;
};

function statusOf({ slots, minutes, isDayTyped, text, isEmpty }: StatusProps): string {
  if (slots.status === 'searching') return words.searching;
  if (slots.status === 'failed') {
    return slots.reason === null ? words.slotsFailed : words.slotsRefused(slots.reason);
  }
  if (slots.status === 'found') {
    if (slots.openings.length > 0) return words.slotsFound(slots.openings.length);
    const [first] = slots.without;
    const why = first ? words.noSlotsWhy(dayWords(first.date), whyNoOpening(first.obstacles, nameOf)) : '';
    return `${isDayTyped ? words.noSlotsThatDay(minutes) : words.noSlots(minutes, widerDays)} ${why}`;
  }
  return isEmpty && text.trim() !== '' ? words.nothing(text.trim()) : '';
}
