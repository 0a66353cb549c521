import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';
import { KeyButton } from '../../../forms/keys.tsx';
import { openRecords } from '../../../stores/administration.ts';
import { ReturnFocus } from '../../../ui/return-focus.tsx';
import { adminWords as words } from '../../../words/administration.ts';
import styles from './record-panel.module.css';

type Facts = {
  title: string;
  facts: readonly (readonly [label: string, value: ReactNode])[];
  children?: ReactNode;
};

/** A record that is read but not edited. Esc closes it. */
export function FactsPanel(props: Facts) {
  return (
    <ReturnFocus>
      <Panel {...props} />
    </ReturnFocus>
  );
}

function Panel({ title, facts, children }: Facts) {
  const titleId = useId();
  const foot = useRef<HTMLDivElement>(null);
  useEffect(() => foot.current?.querySelector('button')?.focus(), []);
  return (
    <section
      tabIndex={-1}
      className={styles.panel}
      aria-labelledby={titleId}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        openRecords(null);
      }}
    >
      <h2 id={titleId} className={styles.title}>
        {title}
      </h2>
      <div className={styles.body}>
        <dl className={styles.facts}>
          {facts.map(([label, value]) => (
            <div key={label} style={{ display: 'contents' }}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {children}
      </div>
      <div ref={foot} className={styles.foot}>
        <span className={styles.gap} />
        <KeyButton keys="Escape" variant="default" onClick={() => openRecords(null)}>
          {words.close}
        </KeyButton>
      </div>
    </section>
  );
}
