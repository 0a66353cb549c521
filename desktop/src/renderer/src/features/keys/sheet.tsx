import { Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Action } from '../../actions/action.ts';
import { keycaps } from '../../actions/spelling.ts';
import { actions } from '../../actions/table.ts';
import { closeDialog } from '../../stores/dialogs.ts';
import { preferencesStore } from '../../stores/preferences.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { groupNames } from '../../words/actions.ts';
import { keyWords as words } from '../../words/keys.ts';
import { scoreOf } from '../palette/matching.ts';
import styles from './sheet.module.css';

const groups = Object.keys(groupNames) as (keyof typeof groupNames)[];
const withKeys = actions.filter(({ keys }) => keys.length > 0);

/** The sheet of keys, from the table of actions. */
export function KeySheet() {
  const [text, setText] = useState('');
  const singleKeys = useStore(preferencesStore, (state) => state.singleKeys);
  const score = scoreOf(text);
  const isFound = ({ name, group, keys }: Action) =>
    text.trim() === '' ||
    score(`${name} ${groupNames[group]}`) !== null ||
    keys.some((each) => keycaps(each).join(' ').toLowerCase() === text.trim().toLowerCase());
  const found = withKeys.filter(isFound);
  return (
    <Modal
      opened
      onClose={closeDialog}
      title={words.sheet}
      size={860}
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      <TextInput
        aria-label={words.search}
        placeholder={words.search}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        data-autofocus
      />
      {!singleKeys && <p className={styles.note}>{words.singleOff}</p>}
      <p role="status" className={styles.note}>
        {found.length === 0 ? words.none(text.trim()) : ''}
      </p>
      <div className={styles.groups}>
        {groups.map((group) => {
          const ofGroup = found.filter((action) => action.group === group);
          return (
            ofGroup.length > 0 && (
              <section key={group} aria-labelledby={`keys-${group}`} className={styles.part}>
                <h3 id={`keys-${group}`}>{groupNames[group]}</h3>
                <dl>
                  {ofGroup.map((action) => (
                    <div key={action.id} className={styles.row}>
                      <dt>{action.name}</dt>
                      <dd>
                        {chordsOf(action.keys).map((caps) => (
                          <span key={caps.join()} className={styles.chord}>
                            {caps.map((cap) => (
                              <Kbd key={cap}>{cap}</Kbd>
                            ))}
                          </span>
                        ))}
                      </dd>
                    </div>
                  ))}
                </dl>
              </section>
            )
          );
        })}
      </div>
    </Modal>
  );
}

/** Shows keys that differ only in their last part as one: Alt ← → ↑ ↓. */
export function chordsOf(keys: readonly string[], onMac?: boolean): string[][] {
  const shown: string[][] = [];
  for (const each of keys) {
    const caps = onMac === undefined ? keycaps(each) : keycaps(each, onMac);
    const [last] = caps.slice(-1);
    const modifiers = caps.slice(0, -1);
    const before = shown.find(
      (other) => modifiers.length > 0 && modifiers.every((cap, at) => other[at] === cap),
    );
    const arrows = modifiers.length === 0 ? shown.find((other) => other.every(isArrow)) : undefined;
    if (last === undefined) continue;
    if (before) before.push(last);
    else if (arrows && isArrow(last)) arrows.push(last);
    else shown.push(caps);
  }
  return shown;
}

const isArrow = (cap: string) => '←→↑↓'.includes(cap);
