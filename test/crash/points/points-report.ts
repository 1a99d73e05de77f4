import { certainties } from '../options.ts';
import { type Counts, lines } from '../report.ts';
import { pointOf, trialName } from './plan.ts';
import type { Run, Show } from './run-points.ts';

/** One line for each point: at how many of its moments the bridge ended and all was well, of how many. */
export function pointsTable({ trials, passed }: Run): string {
  const points = [...new Set(trials.map(pointOf))].toSorted();
  const rows = points.map((point) => [
    point,
    ...certainties.map((certainty) => {
      const its = trials.filter((one) => one.certainty === certainty && pointOf(one) === point);
      const well = its.filter((trial) => passed.has(trialName(trial)));
      return its.length === 0 ? '-' : `${well.length}/${its.length}`;
    }),
  ]);
  return lines(['point', ...certainties], rows);
}

/** A moment that never came is a failure as well: nobody has seen what happens then. */
export const countTrials = ({ trials, passed, wrong }: Run): Counts => {
  const others = wrong.filter((show) => show.trials.length !== 1).length;
  return { passed: passed.size, failed: trials.length - passed.size + others };
};

/** What went wrong, for whoever has to find out why. Empty: nothing did. */
export function pointDetails({ trials, passed, wrong }: Run): string {
  const isWrong = new Set(wrong.flatMap((show) => show.trials.map(trialName)));
  const never = trials
    .map(trialName)
    .filter((name) => !passed.has(name) && !isWrong.has(name))
    .map((name) => `${name}: the bridge did not end there`);
  return [...wrong.map(showDetails), ...never].join('\n');
}

function showDetails({ certainty, trials, played, dir }: Show): string {
  const findings = played.ways.flatMap(({ name, findings: found }) =>
    found.map(({ text, fault, why }) => `${name}: "${text}" ${fault}: ${why}`),
  );
  const names = trials.length === 0 ? [`${certainty}: a rehearsal`] : trials.map(trialName);
  const indented = [...played.troubles, ...findings, `see ${dir}`].map((line) => `    ${line}`);
  return [...names, ...indented].join('\n');
}
