import { Anchor, Button } from '@mantine/core';
import { useEffect } from 'react';
import { serverUrl } from '../../api/client.ts';
import { isDesktop } from '../../shell/shell.ts';
import { resume } from '../../stores/session.ts';
import { Entrance } from '../../ui/entrance.tsx';
import { Callout } from '../../ui/callout.tsx';
import { entryWords as words } from '../../words/entry.ts';

const againMs = 3_000;

/** Between the start and the first answer of the server. */
export function Starting({
  isUnreachable,
  changeServer,
}: {
  isUnreachable: boolean;
  changeServer: () => void;
}) {
  useEffect(() => {
    if (!isUnreachable) return undefined;
    const timer = setInterval(() => void resume(), againMs);
    return () => clearInterval(timer);
  }, [isUnreachable]);

  return (
    <Entrance title={words.starting} footer={words.server(serverUrl())}>
      {isUnreachable && <Callout>{words.unreachable}</Callout>}
      {isUnreachable && <Button onClick={() => void resume()}>{words.tryNow}</Button>}
      {isUnreachable && isDesktop && (
        <Anchor component="button" type="button" onClick={changeServer}>
          {words.changeServer}
        </Anchor>
      )}
    </Entrance>
  );
}
