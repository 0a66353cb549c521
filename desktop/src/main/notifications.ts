import { Notification } from 'electron';
import type { NotificationContent } from '../bridge.ts';

/** The latest notifications stay in memory, because a garbage-collected one can no longer be clicked. */
const maxInMemory = 20;

/** Notifications of the operating system. They show on a locked screen too, so the console puts no patients in them. */
export function createNotifications(
  onClick: (caseId: string | null) => void,
): (content: NotificationContent) => void {
  const latest: Notification[] = [];
  return ({ title, body, caseId }) => {
    if (!Notification.isSupported()) return;
    const notification = new Notification({ title, body });
    notification.on('click', () => onClick(caseId));
    notification.show();
    latest.push(notification);
    if (latest.length > maxInMemory) latest.shift();
  };
}
