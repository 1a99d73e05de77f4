/** One line of a chart, with a value at each mark of the axis. */
export interface Curve {
  readonly name: string;
  readonly values: readonly number[];
}

export interface Panel {
  readonly title: string;
  readonly curves: readonly Curve[];
  /** What stands below, for each value of a curve. */
  readonly marks: readonly string[];
}

const WIDTH = 420;
const HEIGHT = 260;
const LEFT = 46;
const RIGHT = 12;
const TOP = 34;
const BOTTOM = 70;
/** Told apart also by those who see no red or green (Okabe and Ito). */
const COLOURS = ['#d55e00', '#0072b2', '#56b4e9', '#999999', '#009e73', '#cc79a7'];

/** Charts side by side as SVG, each with its own logarithmic axis. */
export function frame(panels: readonly Panel[]): string {
  const drawn = panels.map(
    (panel, at) => `<g transform="translate(${at * WIDTH} 0)">${draw(panel)}</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${panels.length * WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="10">
<rect width="100%" height="100%" fill="#fff"/>
${drawn.join('\n')}
</svg>
`;
}

function draw({ title, curves, marks }: Panel): string {
  const all = curves.flatMap(({ values }) => values).filter((value) => value > 0);
  const low = 10 ** Math.floor(Math.log10(Math.min(...all)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...all)));
  const x = (at: number) => LEFT + (at * (WIDTH - LEFT - RIGHT)) / Math.max(1, marks.length - 1);
  const y = (value: number) => {
    const share = Math.log10(value / low) / Math.max(1, Math.log10(high / low));
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  };
  return [
    `<text x="${LEFT}" y="18" font-size="12">${title}</text>`,
    ...decades(low, high).map((value) => grid(y(value), String(value))),
    ...marks.map((mark, at) => text(x(at), HEIGHT - BOTTOM + 14, mark)),
    ...curves.map((curve, at) => line(curve, at, { x, y })),
    ...curves.map(({ name }, at) => legend(name, at)),
  ].join('\n');
}

/** 1, 2 and 5 of each power of ten. */
function decades(low: number, high: number): readonly number[] {
  const found: number[] = [];
  for (let power = low; power <= high; power *= 10)
    found.push(...[1, 2, 5].map((step) => Number((power * step).toPrecision(1))));
  return found.filter((value) => value <= high);
}

const grid = (y: number, label: string) =>
  `<path d="M${LEFT} ${round(y)}H${WIDTH - RIGHT}" stroke="#ddd"/><text x="${LEFT - 4}" y="${round(y + 3)}" text-anchor="end">${label}</text>`;

const text = (x: number, y: number, label: string) =>
  `<text x="${round(x)}" y="${y}" text-anchor="middle">${label}</text>`;

function line(
  { values }: Curve,
  at: number,
  { x, y }: { x: (at: number) => number; y: (value: number) => number },
): string {
  const points = values.map((value, index) => `${round(x(index))},${round(y(value))}`);
  return `<polyline points="${points.join(' ')}" fill="none" stroke="${colourOf(at)}" stroke-width="${at === 0 ? 2.5 : 1.5}"/>`;
}

function legend(name: string, at: number): string {
  const x = LEFT + (at % 3) * 125;
  const y = HEIGHT - BOTTOM + 34 + Math.floor(at / 3) * 16;
  return `<path d="M${x} ${y - 3}h14" stroke="${colourOf(at)}" stroke-width="2.5"/><text x="${x + 18}" y="${y}">${name}</text>`;
}

const colourOf = (at: number) => COLOURS[at % COLOURS.length];
const round = (value: number) => Math.round(value * 10) / 10;
