import { useStore } from 'zustand';
import { sessionStore } from '../../stores/session.ts';
import { SignIn } from '../sign-in/sign-in.tsx';
import { Console } from './console.tsx';

/** Which of the few whole screens there is to see. */
export function App({ server }: { server: string | null }) {
  const session = useStore(sessionStore);
  if (server === null) return null;
  if (session.status === 'signed_in') return <Console />;
  return <SignIn />;
}
