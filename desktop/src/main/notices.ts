import { Notification } from 'electron';
import type { Notice } from '../bridge.ts';

/** So many are remembered: one that is forgotten can no longer be clicked. */
const most = 20;

/** Notifications of the operating system. They also show on a locked screen: the console puts no patient in them. */
export function createNotices(whenClicked: (caseId: string | null) => void): (notice: Notice) => void {
  const shown: Notification[] = [];
  return ({ title, body, caseId }) => {
    if (!Notification.isSupported()) return;
    const notification = new Notification({ title, body });
    notification.on('click', () => whenClicked(caseId));
    notification.show();
    shown.push(notification);
    if (shown.length > most) shown.shift();
  };
}
