import type { TimeRange } from '@slate/shared/time';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { ruleWords as words } from '../../../words/rules.ts';
import styles from './record-panel.module.css';

const mostShown = 8;

type Props<Dated extends TimeRange> = {
  effect: { created: readonly Dated[]; changed: readonly { after: Dated }[]; removed: readonly Dated[] };
  counts: (created: number, changed: number, removed: number) => string;
  kinds: { readonly created: string; readonly changed: string; readonly removed: string };
  text: (dated: Dated, kind: string) => string;
  children?: ReactNode;
};

/** The effect of an edit of a rule: the counts, and the first dated blocks or closures. */
export function RuleEffect<Dated extends TimeRange>({ effect, counts, kinds, text, children }: Props<Dated>) {
  const { created, changed, removed } = effect;
  const all = [
    ...created.map((dated) => ({ dated, kind: kinds.created })),
    ...changed.map(({ after }) => ({ dated: after, kind: kinds.changed })),
    ...removed.map((dated) => ({ dated, kind: kinds.removed })),
  ].toSorted((a, b) => (a.dated.start < b.dated.start ? -1 : 1));
  const region = useRef<HTMLElement>(null);
  useEffect(() => {
    region.current?.scrollIntoView({ block: 'nearest' });
  }, [effect]);
  return (
    <section ref={region} className={styles.effect} aria-label={words.effect} role="status">
      <h3>{words.effect}</h3>
      <p>{counts(created.length, changed.length, removed.length)}</p>
      <ul>
        {all
          .slice(0, mostShown)
          .map(({ dated, kind }) => text(dated, kind))
          .map((line) => (
            <li key={line}>{line}</li>
          ))}
        {all.length > mostShown && <li>{words.more(all.length - mostShown)}</li>}
      </ul>
      {children}
    </section>
  );
}
