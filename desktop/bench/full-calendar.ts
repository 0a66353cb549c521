import '@fontsource-variable/inter/index.css';
import 'fullcalendar/skeleton.css';
import 'fullcalendar/themes/classic/theme.css';
import 'fullcalendar/themes/classic/palette.css';
import './calendars.css';
import { Calendar } from 'fullcalendar';
import type { PluginInput } from 'fullcalendar';
import interactionPlugin from 'fullcalendar/interaction';
import classicThemePlugin from 'fullcalendar/themes/classic';
import resourceTimelinePlugin from 'fullcalendar-scheduler/resource-timeline';
import type { PlacedCase } from '@slate/shared/cases';
import { isPlaced } from '@slate/shared/cases';
import { cardOf, offer, wallTime } from './subject.ts';

// The theme's types refer to a package that doesn't exist.
const plugins = [classicThemePlugin as PluginInput, interactionPlugin, resourceTimelinePlugin];

offer(({ board, date, now, scrollTime, pixelsPerHour }, root) => {
  let calendar: Calendar | undefined;
  const resources = board.resources
    .filter(({ kind }) => kind === 'room')
    .map(({ id, name }, order) => ({ id, title: name, order }));
  const events = board.cases.filter(isPlaced).map((item) => ({
    id: item.id,
    resourceId: item.roomId,
    start: wallTime(item.start),
    end: wallTime(item.end),
    extendedProps: { item },
  }));
  return {
    mount() {
      calendar = new Calendar(root, {
        schedulerLicenseKey: 'AGPL-My-Frontend-And-Backend-Are-Open-Source',
        plugins,
        initialView: 'resourceTimelineDay',
        initialDate: date,
        now: wallTime(now),
        timeZone: 'UTC',
        // Recommended by its documentation for many rooms.
        virtualization: true,
        height: '100%',
        headerToolbar: false,
        nowIndicator: true,
        editable: true,
        scrollTime,
        slotDuration: '00:30',
        slotMinWidth: pixelsPerHour / 2,
        snapDuration: '00:05',
        resourceColumnsWidth: 104,
        // The same row height as ours, so that equally many rooms are visible.
        resourceLaneBottomClass: 'without-air',
        resourceOrder: 'order',
        resources,
        events,
        eventContent: ({ event }: { event: { extendedProps: Record<string, unknown> } }) => ({
          html: cardOf(event.extendedProps['item'] as PlacedCase, now),
        }),
      });
      calendar.render();
    },
    move(item) {
      calendar?.batchRendering(() => {
        const event = calendar?.getEventById(item.id);
        event?.setExtendedProp('item', item);
        event?.setDates(wallTime(item.start), wallTime(item.end));
        event?.setResources([item.roomId]);
      });
    },
  };
});
