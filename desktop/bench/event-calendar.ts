import '@fontsource-variable/inter/index.css';
import '@event-calendar/core/index.css';
import './calendars.css';
import { createCalendar, Interaction, ResourceTimeline } from '@event-calendar/core';
import type { Calendar } from '@event-calendar/core';
import type { PlacedCase } from '@slate/shared/cases';
import { isPlaced } from '@slate/shared/cases';
import { cardOf, offer, wallTime } from './subject.ts';

const eventOf = (item: PlacedCase) => ({
  id: item.id,
  resourceId: item.roomId,
  start: wallTime(item.start),
  end: wallTime(item.end),
  extendedProps: { item },
});

offer(({ board, date, now, scrollTime, pixelsPerHour }, root) => {
  let calendar: Calendar | undefined;
  const resources = board.resources
    .filter(({ kind }) => kind === 'room')
    .map(({ id, name }) => ({ id, title: name }));
  const events = board.cases.filter(isPlaced).map(eventOf);
  return {
    mount() {
      calendar = createCalendar(root, [ResourceTimeline, Interaction], {
        view: 'resourceTimelineDay',
        date,
        height: '100%',
        headerToolbar: { start: '', center: '', end: '' },
        nowIndicator: true,
        editable: true,
        scrollTime,
        slotDuration: '00:30',
        slotWidth: pixelsPerHour / 2,
        snapDuration: '00:05',
        resources,
        events,
        eventContent: ({ event }) => ({ html: cardOf(event.extendedProps['item'] as PlacedCase, now) }),
      });
    },
    move(item) {
      calendar?.updateEvent(eventOf(item));
    },
  };
});
