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

/** Some calls come by the clock, so now and then a moment never comes. Where that is often, nothing is shown. */
const neverShare = 0.02;

export const countTrials = (run: Run): Counts => {
  const never = neverCame(run).length;
  const isMuch = never > run.trials.length * neverShare;
  return { passed: run.passed.size, failed: run.wrong.length + (isMuch ? never : 0) };
};

function neverCame({ trials, passed, wrong }: Run): readonly string[] {
  const isWrong = new Set(wrong.flatMap((show) => show.trials.map(trialName)));
  return trials.map(trialName).filter((name) => !passed.has(name) && !isWrong.has(name));
}

/** What went wrong, for whoever has to find out why. Empty: nothing did. */
export function pointDetails(run: Run): string {
  const never = neverCame(run).map((name) => `${name}: never came`);
  return [...run.wrong.map(showDetails), ...never].join('\n');
}

function showDetails({ certainty, trials, played, dir }: Show): string {
  const findings = played.ways.flatMap(({ name, findings: found }) =>
    found.map(({ text, fault, why }) => `${name}: "${text}" ${fault}: ${why}`),
  );
  const names = trials.length === 0 ? [`${certainty}: a rehearsal`] : trials.map(trialName);
  const indented = [...played.troubles, ...findings, `see ${dir}`].map((line) => `    ${line}`);
  return [...names, ...indented].join('\n');
}
