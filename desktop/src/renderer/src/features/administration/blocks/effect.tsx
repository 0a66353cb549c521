import type { BlockEdit, BlockEffect } from '@slate/shared/contract/blocks';
import type { Block } from '@slate/shared/sites';
import { useEffect, useRef } from 'react';
import { call } from '../../../api/client.ts';
import type { Saving } from '../../../commands/administration.ts';
import { nameOf } from '../../../stores/board.ts';
import { zoneNow } from '../../../stores/view.ts';
import { Callout } from '../../../ui/callout.tsx';
import { blockWords as words } from '../../../words/blocks.ts';
import { numberOf } from '../../../words/cases.ts';
import { dayOf, rangeOf } from '../../../words/time.ts';
import type { AskForEffect } from '../frame/use-preview.ts';
import styles from '../frame/record-panel.module.css';

const mostShown = 8;
const whenOf = ({ start, end }: { start: string; end: string }) =>
  `${dayOf(start, zoneNow())}, ${rangeOf(start, end, zoneNow())}`;

const ask: AskForEffect<BlockEdit, BlockEffect> = (site, body) =>
  call('previewBlocks', { params: { site }, body });

/** How the forms of templates and holidays show what an edit would do. Cases on a list have to be moved first. */
export const blockEffects = {
  ask,
  show: ({ effect }: { effect: BlockEffect }) => <Effect effect={effect} />,
  isBlocked: ({ cases }: BlockEffect) => cases.some(({ isOnList }) => isOnList),
};

/** The terms of an edit: the cases of its effect stay where they are. */
export const termsOf = (name: string, effect: BlockEffect | null, saving: Saving) => ({
  name,
  leave: (effect?.cases ?? []).map(({ caseId }) => caseId),
  saving,
});

/** What an edit would do to the dated blocks and the cases in them (BT8, BT9). */
function Effect({ effect }: { effect: BlockEffect }) {
  const { created, changed, removed, shifted, cases } = effect;
  const instances = [
    ...created.map((block) => ({ block, kind: words.kinds.created })),
    ...changed.map(({ after }) => ({ block: after, kind: words.kinds.changed })),
    ...removed.map((block) => ({ block, kind: words.kinds.removed })),
  ].toSorted((a, b) => (a.block.start < b.block.start ? -1 : 1));
  const [onList, staying] = [
    cases.filter(({ isOnList }) => isOnList),
    cases.filter((each) => !each.isOnList),
  ];
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
      {staying.length > 0 && <Cases title={words.staying(staying.length)} cases={staying} />}
      {onList.length > 0 && <Cases title={words.onList(onList.length)} cases={onList} />}
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

function Cases({ title, cases }: { title: string; cases: BlockEffect['cases'] }) {
  return (
    <Callout>
      {title}
      <ul>
        {cases.map((item) => (
          <li key={item.caseId}>{words.caseAt(numberOf(item), whenOf(item))}</li>
        ))}
      </ul>
    </Callout>
  );
}
