import type { BlockEdit, BlockEffect } from '@slate/shared/contract/blocks';
import { call } from '../../../api/client.ts';
import { nameOf } from '../../../stores/board.ts';
import { zoneNow } from '../../../stores/view.ts';
import { blockWords as words } from '../../../words/blocks.ts';
import { dayAndRangeOf } from '../../../words/time.ts';
import { RuleEffect } from '../frame/rule-effect.tsx';
import type { AskForEffect } from '../frame/use-preview.ts';

const ask: AskForEffect<BlockEdit, BlockEffect> = (site, body) =>
  call('previewBlocks', { params: { site }, body });

/** How the forms of templates and holidays show what an edit would do (BT8). */
export const blockEffects = {
  ask,
  show: ({ effect }: { effect: BlockEffect }) => (
    <RuleEffect
      effect={effect}
      counts={words.counts}
      kinds={words.kinds}
      text={(block, kind) =>
        words.instance(dayAndRangeOf(block, zoneNow()), nameOf(block.roomId), block.service, kind)
      }
    >
      {effect.shifted.length > 0 && <p>{words.shifted(effect.shifted.length)}</p>}
    </RuleEffect>
  ),
  hasCases: ({ cases }: BlockEffect) => cases.length > 0,
};
