/** Everything behind the sign-in. The page loads it once the sign-in is drawn. */
export { runAction } from '../../actions/table.ts';
export { startServices } from '../../services/start.ts';
export { AboutDialog } from '../about/about.tsx';
export { UnreadableDesk } from '../desk/unreadable-desk.tsx';
export { WallBoard } from '../wall/wall.tsx';
export { Console } from './console.tsx';
