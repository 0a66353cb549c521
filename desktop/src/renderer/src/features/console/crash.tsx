import { Button } from '@mantine/core';
import { Component } from 'react';
import type { ReactNode } from 'react';
import { Entrance } from '../../ui/entrance.tsx';
import { entryWords as words } from '../../words/entry.ts';

/** What is left to say when drawing has failed. The console's log has the error, without what was on the board. */
export class CrashBoundary extends Component<{ children: ReactNode }, { hasCrashed: boolean }> {
  override state = { hasCrashed: false };

  static getDerivedStateFromError() {
    return { hasCrashed: true };
  }

  override render() {
    if (!this.state.hasCrashed) return this.props.children;
    return (
      <Entrance title={words.crashed}>
        <p style={{ margin: 0 }}>{words.crashedHelp}</p>
        <Button autoFocus onClick={() => location.reload()}>
          {words.reload}
        </Button>
      </Entrance>
    );
  }
}
