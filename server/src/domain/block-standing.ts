import { foreignBlocks, ownsBlock } from '@slate/shared/rules';
import type { Block } from '@slate/shared/sites';
import { covers } from '@slate/shared/time';
import type { TimeRange } from '@slate/shared/time';

/** A planned case, as far as the blocks of its room matter to it. */
export type InBlocks = TimeRange & {
  readonly roomId: string;
  readonly service: string | null;
  readonly surgeonId: string | null;
  readonly list: { readonly resourceId: string; readonly blockId: string } | null;
};

/** The place of a case among the blocks of its room, the best first. */
const standings = [
  'in its block',
  'past the end of its block',
  'in open time',
  'in another’s block',
] as const;

function standingOf(item: InBlocks, blocks: readonly Block[], now: string): number {
  const inRoom = blocks.filter(({ roomId }) => roomId === item.roomId);
  const who = { ...item, listId: item.list?.resourceId ?? null };
  if (foreignBlocks(item, who, inRoom, now).length > 0) return standings.indexOf('in another’s block');
  const own = inRoom.find(
    (block) =>
      block.listId === null &&
      ownsBlock(block, item) &&
      covers(block, { start: item.start, end: item.start }) &&
      item.start < block.end,
  );
  if (!own) return standings.indexOf('in open time');
  return standings.indexOf(covers(own, item) ? 'in its block' : 'past the end of its block');
}

/** Whether a new layout of the blocks takes the case out of its block, or leaves less of the block to it. */
export const standsWorse = (
  item: InBlocks,
  before: readonly Block[],
  after: readonly Block[],
  now: string,
): boolean => standingOf(item, after, now) > standingOf(item, before, now);

/** Whether the case would lose its place: the session of its list goes, or moves. */
export function losesPlace(
  { list }: InBlocks,
  before: ReadonlyMap<string, Block>,
  after: ReadonlyMap<string, Block>,
): boolean {
  const [was, will] = [before, after].map((blocks) => (list ? blocks.get(list.blockId) : undefined));
  if (!was) return false;
  return (
    will?.roomId !== was.roomId ||
    will.start !== was.start ||
    will.end !== was.end ||
    will.listId !== was.listId
  );
}
