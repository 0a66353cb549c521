import { Entrance } from '../../ui/entrance.tsx';
import { entryWords as words } from '../../words/entry.ts';

/** A browser withholds what the console needs from a page that came unencrypted; a password should not go that way either. */
export function Insecure() {
  return (
    <Entrance title={words.insecure}>
      <p style={{ margin: 0 }}>{words.insecureHelp}</p>
    </Entrance>
  );
}
