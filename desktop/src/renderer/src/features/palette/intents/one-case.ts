import type { Case } from '@slate/shared/cases';
import { mayDo } from '../../../stores/permissions.ts';
import { caseActions, isCaseAction, isOnItsWay } from '../../../actions/case-actions.ts';
import { recordMilestone } from '../../../commands/milestone.ts';
import { milestoneWords, nameOfCase, stateWords } from '../../../words/cases.ts';
import { paletteWords as words } from '../../../words/palette.ts';
import { askWhich, plainEntry } from '../entry.ts';
import type { CaseVerb } from '../phrase/verbs.ts';
import { blocked, caseLabel, caseParts, casesFor, whyNoCase, withoutSlots } from './intent.ts';
import type { Intent } from './intent.ts';

/** The case action of this name. */
export const caseAction = (wanted: string) =>
  caseActions.filter(isCaseAction).find(({ id }) => id === wanted);

const actionOf: Readonly<Record<Exclude<CaseVerb, keyof typeof milestoneWords>, string>> = {
  cancel: 'cancel',
  bump: 'bump',
  confirm: 'book',
  edit: 'edit',
  extend: 'extend',
  takeOver: 'takeOver',
  void: 'void',
};

const act = (verb: keyof typeof actionOf): Intent => ({
  uses: caseParts,
  read: (phrase, world) => {
    const action = caseAction(actionOf[verb]);
    const items = casesFor(world, phrase);
    const possible = items.filter((item) => action?.isPossibleOn(item));
    const sentence = (item: Case) => words.does[verb](caseLabel(world.view, item));
    const [first] = items;
    if (!action || !first) {
      return withoutSlots(blocked(verb, words.does[verb](words.aCase), whyNoCase(phrase)));
    }
    if (possible.length === 0) {
      const why = words.notNow(nameOfCase(first), stateWords[first.state]);
      return withoutSlots(blocked(verb, sentence(first), why));
    }
    return withoutSlots(
      ...askWhich(
        possible.map((item) => ({
          ...plainEntry,
          id: `${verb}-${item.id}`,
          label: [sentence(item)],
          detail: words.before[verb],
          changes: true,
          run: () => action.runOn(item),
        })),
      ),
    );
  },
});

const record = (milestone: keyof typeof milestoneWords): Intent => ({
  uses: caseParts,
  read: (phrase, world) => {
    const name = milestoneWords[milestone];
    const items = casesFor(world, phrase).filter(
      (item) =>
        isOnItsWay(item.state) && item.milestones[milestone] === undefined && mayDo('milestone.record', item),
    );
    // A room has one case at a time: the first that waits for this milestone is meant.
    const isByRoom = phrase.rooms.length === 1 && phrase.about.length === 0;
    const [first] = items;
    if (!first) return withoutSlots(blocked(milestone, words.records(name, words.aCase), whyNoCase(phrase)));
    return withoutSlots(
      ...askWhich(
        (isByRoom ? [first] : items).map((item) => ({
          ...plainEntry,
          id: `${milestone}-${item.id}`,
          label: [words.records(name, caseLabel(world.view, item))],
          changes: true,
          run: () => void recordMilestone(item, milestone),
        })),
      ),
    );
  },
});

export const caseIntents: Readonly<Record<CaseVerb, Intent>> = {
  cancel: act('cancel'),
  bump: act('bump'),
  confirm: act('confirm'),
  edit: act('edit'),
  extend: act('extend'),
  takeOver: act('takeOver'),
  void: act('void'),
  in_holding: record('in_holding'),
  in_room: record('in_room'),
  incision: record('incision'),
  closed: record('closed'),
  out_of_room: record('out_of_room'),
  completed: record('completed'),
};
