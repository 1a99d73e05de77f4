import { certainties } from '../options.ts';
import { lines } from '../report.ts';
import { isFault, type Tried, trialName } from './run-points.ts';

const pointOf = ({ moments }: Tried): string =>
  moments
    .map(({ point, when, nth }, place) =>
      place < moments.length - 1 ? `${when} ${point}#${nth}, then` : point,
    )
    .join(' ');

/** One line for each point: at how many of its moments the bridge ended, of how many that were tried. */
export function pointsTable(all: readonly Tried[]): string {
  const tried = all.filter(({ moments }) => moments.length > 0);
  const points = [...new Set(tried.map(pointOf))].toSorted();
  const rows = points.map((point) => [
    point,
    ...certainties.map((certainty) => {
      const its = tried.filter((one) => one.certainty === certainty && pointOf(one) === point);
      const ended = its.filter(({ played }) => played.wasEnded);
      return its.length === 0 ? '-' : `${ended.length}/${its.length}`;
    }),
  ]);
  return lines(['point', ...certainties], rows);
}

/** A moment that never came is a failure as well: nobody has seen what happens then. */
export const hasPassed = (tried: Tried): boolean => tried.played.wasEnded && !isFault(tried);

/** What went wrong at a moment, for whoever has to find out why. */
export function pointDetails(tried: Tried): string {
  const { troubles, ways, wasEnded } = tried.played;
  const findings = ways.flatMap(({ name, findings: found }) =>
    found.map(({ text, fault, why }) => `${name}: "${text}" ${fault}: ${why}`),
  );
  const never = wasEnded ? [] : ['the bridge did not end there'];
  const kept = isFault(tried) ? [`see ${tried.dir}`] : [];
  return [
    trialName(tried),
    ...[...never, ...troubles, ...findings, ...kept].map((line) => `    ${line}`),
  ].join('\n');
}
