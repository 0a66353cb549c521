import { Popover, Tooltip, UnstyledButton } from '@mantine/core';
import { isPlaced } from '@slate/shared/cases';
import { happensAt } from '@slate/shared/reality';
import { useState } from 'react';
import type { CSSProperties, ReactNode } from 'react';
import { nameOf } from '../../stores/board.ts';
import { setInspectorOpen, select, zoneNow } from '../../stores/view.ts';
import { nameOfCase, numberOf } from '../../words/cases.ts';
import { poolWords as words } from '../../words/pools.ts';
import { timeOf } from '../../words/time.ts';
import type { PoolUse } from './uses.ts';
import styles from './pools.module.css';

type Props = {
  name: string;
  title: string;
  uses: readonly PoolUse[];
  isTabStop?: boolean;
  onFocus?: () => void;
  className?: string | undefined;
  style?: CSSProperties;
  'data-full'?: true | undefined;
  children: ReactNode;
};

/** Lists the cases of a stretch: in a tooltip, and when pressed, as links. */
export function UsesButton({ name, title, uses, isTabStop = true, children, ...rest }: Props) {
  const [isOpen, open] = useState(false);
  return (
    <Popover opened={isOpen} onChange={open} trapFocus returnFocus position="bottom" shadow="md" withArrow>
      <Popover.Target>
        <Tooltip
          disabled={isOpen}
          multiline
          maw={360}
          label={
            <>
              <strong>{title}</strong>
              {uses.map((use) => (
                <div key={keyOf(use)}>{wordsOf(use)}</div>
              ))}
            </>
          }
        >
          <UnstyledButton
            {...rest}
            aria-label={name}
            aria-expanded={isOpen}
            tabIndex={isTabStop ? 0 : -1}
            onClick={() => open(!isOpen)}
          >
            {children}
          </UnstyledButton>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label={name} p="xs">
        <strong className={styles.usesTitle}>{title}</strong>
        <ul className={styles.uses}>
          {uses.length === 0 && <li>{words.nobody}</li>}
          {uses.map((use) => (
            <li key={keyOf(use)}>
              {use.item === null ? (
                wordsOf(use)
              ) : (
                <UnstyledButton
                  onClick={() => {
                    select(use.item?.id ?? null);
                    setInspectorOpen(true);
                    open(false);
                  }}
                >
                  {wordsOf(use)}
                </UnstyledButton>
              )}
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}

const keyOf = ({ item, closure }: PoolUse) => item?.id ?? closure?.id ?? '';

function wordsOf({ item, closure, quantity }: PoolUse): string {
  const many = quantity > 1 ? `${words.times(quantity)} ` : '';
  if (!item) return many + words.closed(closure?.reason ?? '');
  const at = isPlaced(item) ? ` ${timeOf(happensAt(item).start, zoneNow())}` : '';
  const what = item.title === null ? nameOfCase(item) : `${numberOf(item)} ${item.title}`;
  return many + words.usedBy(what, `${nameOf(item.roomId)}${at}`);
}
