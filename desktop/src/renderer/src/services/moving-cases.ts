import { addDays, addMinutes, instantOf, localDateOf, minutesBetween } from '@slate/shared/time';
import { subscribeToChanges } from '../stores/changes.ts';
import { cut, cutStore, forgetCut } from '../stores/cut.ts';
import { mayPlace } from '../stores/permissions.ts';
import { placingStore } from '../stores/placing.ts';
import { viewStore, zoneNow } from '../stores/view.ts';
import { timeOf } from '../words/time.ts';

/** Keeps the cut case up to date, and forgets it once it may no longer be pasted. */
export const updateCutCase = (): (() => void) =>
  subscribeToChanges(({ body }) => {
    const id = cutStore.getState().item?.id;
    if (body.type === 'case' && body.case.id === id) {
      if (mayPlace(body.case)) cut(body.case);
      else forgetCut();
    } else if (body.type === 'gone' && body.id === id) forgetCut();
  });

/** Keeps the case that is being placed up to date, even if it is not on the shown days. */
export const updatePlacedCase = (): (() => void) =>
  subscribeToChanges(({ body }) => {
    const { placing } = placingStore.getState();
    if (placing && body.type === 'case' && body.case.id === placing.caseId)
      placingStore.setState({ latest: body.case });
  });

/** Moves the case that the keyboard is placing to the newly shown day, at the same time of day. */
export const bringPlacingToShownDay = (): (() => void) =>
  viewStore.subscribe(({ date }, before) => {
    const { placing } = placingStore.getState();
    if (date === before.date || !placing?.isByKeys || placing.kind === 'resize') return;
    const { start, end } = placing.place;
    const zone = zoneNow();
    const days = (Date.parse(date) - Date.parse(before.date)) / 86_400_000;
    const to = instantOf(addDays(localDateOf(start, zone), days), timeOf(start, zone), zone);
    placingStore.setState({
      placing: {
        ...placing,
        place: { ...placing.place, start: to, end: addMinutes(to, minutesBetween(start, end)) },
      },
    });
  });
