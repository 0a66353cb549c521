import { useEffect, useState } from 'react';
import type { ComponentType } from 'react';
import { RegionState } from '../../ui/region-state.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { adminWords as words } from '../../words/administration.ts';

type Part = { Administration: ComponentType };
let part: Part | null = null;

async function load() {
  try {
    part = await import('../administration/administration.tsx');
  } catch {
    // The server cannot be reached.
  }
  return part;
}

/** Loads the administration area when it is first shown (AA9). */
export function LoadAdministration() {
  const [loaded, setLoaded] = useState(part);
  const [attempt, setAttempt] = useState(0);
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    if (part) return;
    setFailed(false);
    void load().then((arrived) => (arrived ? setLoaded(arrived) : setFailed(true)));
  }, [attempt]);
  if (loaded) return <loaded.Administration />;
  if (!hasFailed) return <Skeleton label={words.loading} count={10} height={22} />;
  return (
    <RegionState title={words.failed} action={words.retry} run={() => setAttempt((count) => count + 1)}>
      {words.failedHelp}
    </RegionState>
  );
}
