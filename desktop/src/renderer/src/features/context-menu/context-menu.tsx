import { Menu } from '@mantine/core';
import type { Case } from '@slate/shared/cases';
import { useEffect, useState } from 'react';
import type { FocusEvent } from 'react';
import type { Action } from '../../actions/action.ts';
import { nextMilestone } from '../../actions/case-actions.ts';
import { ariaKeys, keycaps } from '../../actions/spelling.ts';
import { actions } from '../../actions/table.ts';
import { boardElement, currentCase, isInBoard } from '../../board/focus.ts';
import { useEnabledKeys } from '../../forms/keys.tsx';
import { useChanging } from '../../forms/use-changing.ts';
import { caseName } from '../../stores/board.ts';
import { cursorStore } from '../../stores/cursor.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { actionOnCase, inspectorWords as words } from '../../words/inspector.ts';
import { cellId } from '../board/lanes/case-card.tsx';
import { placeCellId } from '../board/lanes/free-cursor.tsx';
import { pressSecondary } from '../board/placing/press.ts';

type Opened = { x: number; y: number; item: Case | null; possible: readonly Action[]; from: HTMLElement };

/** Actions that concern neither a case nor a place. */
const excluded = ['add', 'holdExpired'];
/** Actions on free time. The menu of a case leaves them out. */
const timeActions = ['hold', 'paste', 'openings'];

const isOffered = (action: Action, item: Case | null) => {
  if (action.id === 'inspect') return item !== null;
  if (action.group !== 'cases' || action.isKeyOnly || excluded.includes(action.id)) return false;
  const isOnBoard = item !== null && item.state !== 'depot';
  return !(isOnBoard && timeActions.includes(action.id)) && action.isPossible?.() !== false;
};

/**
 * The context menu: the actions for the pressed case or place, from the same table as the keys. The press first moves the
 * cursor there, because the actions run at the cursor.
 */
export function ContextMenu() {
  const [opened, setOpened] = useState<Opened | null>(null);
  const { changing } = useChanging();
  const isEnabled = useEnabledKeys();
  useEffect(() => {
    const open = (event: MouseEvent) => {
      const target = event.target instanceof HTMLElement ? event.target : null;
      const from = target && moveFocusTo(target, event);
      if (!from) return;
      event.preventDefault();
      const item = currentCase();
      const possible = actions.filter((action) => isOffered(action, item));
      setOpened(possible.length === 0 ? null : { ...placeOf(event, from), item, possible, from });
    };
    document.addEventListener('contextmenu', open);
    return () => document.removeEventListener('contextmenu', open);
  }, []);
  if (!opened) return null;

  const { x, y, item, possible, from } = opened;
  const close = () => {
    setOpened(null);
    from.focus({ preventScroll: true });
  };
  return (
    <Menu
      key={`${x} ${y}`}
      opened
      position="bottom-start"
      offset={2}
      shadow="md"
      withinPortal={false}
      floatingStrategy="fixed"
      returnFocus={false}
      withInitialFocusPlaceholder={false}
      onChange={(isOpen) => isOpen || close()}
    >
      <Menu.Target>
        <span aria-hidden="true" style={{ position: 'fixed', left: x, top: y, width: 1, height: 1 }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={words.actions} onFocus={keepFocus}>
        {item && <Menu.Label>{caseName(item)}</Menu.Label>}
        {possible.map((action) => {
          const key = action.keys.find(isEnabled);
          const run = () => {
            close();
            action.run(action.keys[0] ?? '');
          };
          return (
            <Menu.Item
              key={action.id}
              {...(key !== undefined && {
                'aria-keyshortcuts': ariaKeys([key]),
                rightSection: <Kbd isHidden>{keycaps(key).join(' ')}</Kbd>,
              })}
              {...(action.changes ? changing(run) : { onClick: run })}
            >
              {actionOnCase(action, item, item && nextMilestone(item))}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

/**
 * The library focuses the first item twice, a moment apart, unless an item is marked. The mark follows the focus, so that a
 * key pressed in between is not undone.
 */
function keepFocus({ currentTarget, target }: FocusEvent<HTMLElement>) {
  currentTarget.querySelector('[data-autofocus]')?.removeAttribute('data-autofocus');
  target.setAttribute('data-autofocus', '');
}

/** Moves focus and cursor to the pressed element. Returns the focused element; null if the press has no actions. */
function moveFocusTo(target: HTMLElement, event: MouseEvent): HTMLElement | null {
  const board = boardElement();
  if (isInBoard(target)) {
    // The menu key opens the menu at the cursor.
    if (event.button === 2 && !pressSecondary(event)) return null;
    board?.focus({ preventScroll: true });
    return board;
  }
  const row = target.closest<HTMLElement>('[data-case][tabindex]');
  row?.focus({ preventScroll: true });
  return row;
}

/** Places the menu at the pointer; for the menu key, below the cursor. */
function placeOf(event: MouseEvent, from: HTMLElement): { x: number; y: number } {
  if (event.button === 2) return { x: event.clientX, y: event.clientY };
  const { mode, caseId } = cursorStore.getState();
  const cell = isInBoard(from)
    ? document.getElementById(mode === 'case' && caseId !== null ? cellId(caseId) : placeCellId)
    : from;
  const { left, bottom } = (cell ?? from).getBoundingClientRect();
  return { x: left, y: bottom };
}
