export type Stacked<Item> = { readonly item: Item; readonly level: number; readonly levels: number };

/** Items that overlap in time share the height of the lane. */
export function stack<Item extends { start: string; end: string }>(items: readonly Item[]): Stacked<Item>[] {
  const sorted = items.toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const stacked: Stacked<Item>[] = [];
  let cluster: { item: Item; level: number }[] = [];
  let ends: string[] = [];
  const close = () => {
    for (const each of cluster) stacked.push({ ...each, levels: ends.length });
    cluster = [];
    ends = [];
  };
  for (const item of sorted) {
    if (ends.every((end) => end <= item.start)) close();
    const free = ends.findIndex((end) => end <= item.start);
    const level = free < 0 ? ends.length : free;
    ends[level] = item.end;
    cluster.push({ item, level });
  }
  close();
  return stacked;
}
