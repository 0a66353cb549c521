import type { Case } from '@slate/shared/cases';
import type { Place } from '../stores/commands.ts';
import type { Placing } from '../stores/placing.ts';

export type Verdict = { isImpossible: boolean; text: string };

export const verdictOf = (_kind: Placing['kind'], _item: Case | null, _place: Place): Verdict => ({
  isImpossible: false,
  text: '',
});
