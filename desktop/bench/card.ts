import type { PlacedCase } from '@slate/shared/cases';
import { glyphs, lookOf } from '../src/renderer/src/ui/case-look.ts';
import { surgeonOf, wallTime } from './subject.ts';

/** What stands on a card of ours, for those who take HTML; `data-case` is how the benchmark finds it. */
export const cardOf = (item: PlacedCase, now: string): string =>
  `<div class="card" data-case="${item.id}"><span>${glyphs[lookOf(item, Date.parse(now))]}</span> <b>${item.title}</b><br>${wallTime(item.start).slice(11, 16)} ${surgeonOf(item)}</div>`;
