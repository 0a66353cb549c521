/** Compares ours with a baseline of the same run. Only the ratio is judged. */
export type Row = {
  part: string;
  what: string;
  unit: string;
  ours: number;
  baseline: number;
  /** The name of the baseline. */
  against: string;
  /** The median ratio over alternating rounds, if not simply ours : baseline. */
  ratio?: number;
  /** The ratio ours : baseline must be at least (`>=`) or at most (`<=`) this. */
  goal?: readonly ['>=' | '<=', number];
};

export type JudgedRow = Row & { ratio: number; met: boolean | null };

export function judge(row: Row): JudgedRow {
  const ratio = row.ratio ?? row.ours / row.baseline;
  const { goal } = row;
  return { ...row, ratio, met: goal ? (goal[0] === '>=' ? ratio >= goal[1] : ratio <= goal[1]) : null };
}

export function tableOf(rows: readonly JudgedRow[]): string {
  const lines = rows.map(({ what, unit, ours, baseline, against, ratio, goal, met }) => [
    what,
    `${figure(ours)} ${unit}`,
    `${figure(baseline)} ${unit} (${against})`,
    ratio.toFixed(2),
    goal ? `${goal[0] === '>=' ? '≥' : '≤'} ${goal[1]}` : '',
    met === null ? '' : met ? 'met' : 'missed',
  ]);
  const head = ['what', 'ours', 'baseline', 'ratio', 'goal', ''];
  const widths = head.map((title, n) =>
    Math.max(...[title, ...lines.map((line) => line[n] ?? '')].map((cell) => cell.length)),
  );
  const print = (cells: readonly string[]) =>
    cells
      .map((cell, n) => cell.padEnd(widths[n] ?? 0))
      .join('  ')
      .trimEnd();
  const parts = Map.groupBy(rows.keys(), (n) => rows[n]?.part ?? '');
  return [...parts]
    .flatMap(([part, members]) => [
      '',
      part.toUpperCase(),
      print(head),
      ...[...members].map((n) => print(lines[n] ?? [])),
    ])
    .join('\n');
}

const figure = (value: number) =>
  value >= 100
    ? Math.round(value).toLocaleString('en')
    : value >= 10
      ? value.toFixed(1)
      : value.toFixed(value >= 0.1 ? 2 : 4);
