/** Everything behind the first screen. The page loads it once that is drawn. */
export { runAction } from '../../actions/table.ts';
export { startServices } from '../../services/start.ts';
export { AboutDialog } from '../about/about.tsx';
export { UnreadableDesk } from '../desk/unreadable-desk.tsx';
export { AcceptInvitation } from '../invitation/accept-invitation.tsx';
export { SetUp } from '../set-up/set-up.tsx';
export { WallBoard } from '../wall/wall.tsx';
export { Console } from './console.tsx';
