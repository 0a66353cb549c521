import type { BlockEdit, BlockEffect } from '@slate/shared/contract/blocks';
import type { Block } from '@slate/shared/sites';
import { useEffect, useRef } from 'react';
import { call } from '../../../api/client.ts';
import { nameOf } from '../../../stores/board.ts';
import { zoneNow } from '../../../stores/view.ts';
import { blockWords as words } from '../../../words/blocks.ts';
import { dayOf, rangeOf } from '../../../words/time.ts';
import type { AskForEffect } from '../frame/use-preview.ts';
import styles from '../frame/record-panel.module.css';

const mostShown = 8;
const whenOf = ({ start, end }: { start: string; end: string }) =>
  `${dayOf(start, zoneNow())}, ${rangeOf(start, end, zoneNow())}`;

const ask: AskForEffect<BlockEdit, BlockEffect> = (site, body) =>
  call('previewBlocks', { params: { site }, body });

/** How the forms of templates and holidays show what an edit would do. */
export const blockEffects = {
  ask,
  show: ({ effect }: { effect: BlockEffect }) => <Effect effect={effect} />,
  hasCases: ({ cases }: BlockEffect) => cases.length > 0,
};

/** What an edit would do to the dated blocks (BT8). */
function Effect({ effect }: { effect: BlockEffect }) {
  const { created, changed, removed, shifted } = effect;
  const instances = [
    ...created.map((block) => ({ block, kind: words.kinds.created })),
    ...changed.map(({ after }) => ({ block: after, kind: words.kinds.changed })),
    ...removed.map((block) => ({ block, kind: words.kinds.removed })),
  ].toSorted((a, b) => (a.block.start < b.block.start ? -1 : 1));
  const region = useRef<HTMLElement>(null);
  useEffect(() => {
    region.current?.scrollIntoView({ block: 'nearest' });
  }, [effect]);
  return (
    <section ref={region} className={styles.effect} aria-label={words.effect} role="status">
      <h3>{words.effect}</h3>
      <p>
        {instances.length === 0
          ? words.noEffect
          : words.counts(created.length, changed.length, removed.length)}
      </p>
      <ul>
        {instances.slice(0, mostShown).map(({ block, kind }) => (
          <li key={`${block.id} ${kind}`}>{instanceText(block, kind)}</li>
        ))}
        {instances.length > mostShown && <li>{words.more(instances.length - mostShown)}</li>}
      </ul>
      {shifted.length > 0 && <p>{words.shifted(shifted.length)}</p>}
    </section>
  );
}

const instanceText = (block: Block, kind: string) =>
  words.instance(whenOf(block), nameOf(block.roomId), block.service, kind);
