import type { Case } from '@slate/shared/cases';
import { mayDo } from '../../../stores/permissions.ts';
import { caseActions, isCaseAction, canHaveMilestones } from '../../../actions/case-actions.ts';
import { recordMilestone } from '../../../commands/milestone.ts';
import { milestoneWords, nameOfCase, stateWords } from '../../../words/cases.ts';
import { paletteWords as words } from '../../../words/palette.ts';
import { asChoice, plainEntry } from '../entry.ts';
import type { CaseVerb } from '../phrase/verbs.ts';
import { blocked, caseLabel, caseParts, casesFor, whyNoCase, withoutSlots } from './intent.ts';
import type { Intent } from './intent.ts';

/** Returns the case action with this id. */
export const caseAction = (name: string) => caseActions.filter(isCaseAction).find(({ id }) => id === name);

const actionOf: Readonly<Record<Exclude<CaseVerb, keyof typeof milestoneWords>, string>> = {
  cancel: 'cancel',
  bump: 'bump',
  confirm: 'book',
  edit: 'edit',
  extend: 'extend',
  takeOver: 'takeOver',
  void: 'void',
};

const caseIntent = (verb: keyof typeof actionOf): Intent => ({
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
      ...asChoice(
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

const milestoneIntent = (milestone: keyof typeof milestoneWords): Intent => ({
  uses: caseParts,
  read: (phrase, world) => {
    const name = milestoneWords[milestone];
    const items = casesFor(world, phrase).filter(
      (item) =>
        canHaveMilestones(item.state) &&
        item.milestones[milestone] === undefined &&
        mayDo('milestone.record', item),
    );
    // A room has one case at a time, so the phrase means the first one without this milestone.
    const isByRoom = phrase.rooms.length === 1 && phrase.about.length === 0;
    const [first] = items;
    if (!first) return withoutSlots(blocked(milestone, words.records(name, words.aCase), whyNoCase(phrase)));
    return withoutSlots(
      ...asChoice(
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
  cancel: caseIntent('cancel'),
  bump: caseIntent('bump'),
  confirm: caseIntent('confirm'),
  edit: caseIntent('edit'),
  extend: caseIntent('extend'),
  takeOver: caseIntent('takeOver'),
  void: caseIntent('void'),
  in_holding: milestoneIntent('in_holding'),
  in_room: milestoneIntent('in_room'),
  incision: milestoneIntent('incision'),
  closed: milestoneIntent('closed'),
  out_of_room: milestoneIntent('out_of_room'),
  completed: milestoneIntent('completed'),
};
