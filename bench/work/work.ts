import type { Stage, StageOptions } from '../stage.ts';
import type { SubjectName } from '../subjects.ts';

/** How much is done: all of it, or just enough to see that everything runs. */
export interface Scale {
  readonly seconds: number;
  readonly latencySeconds: number;
  /** Ghosts of the warm and of the cold case. */
  readonly ghosts: number;
  readonly coldGhosts: number;
  /** Of the memory case, and of the crash. */
  readonly events: number;
  readonly crashEvents: number;
  readonly portals: number;
  readonly links: number;
}

/** What was found in one run, by name, and a curve of latencies where that is what is looked at. */
export interface Finding {
  readonly figures: Readonly<Record<string, number>>;
  readonly curve?: readonly number[];
  readonly otherCores: number;
}

/** A line of the table. */
export interface Line {
  readonly title: string;
  readonly figure: string;
  readonly unit: string;
  readonly isBetter: 'more' | 'less';
  /** What is to be reached, as a ratio to the durable floor and to matrix-appservice-bridge. */
  readonly againstFloor?: number;
  readonly againstPeer?: number;
}

/** One thing that all subjects are asked to do. */
export interface Work {
  readonly name: string;
  readonly lines: readonly Line[];
  /** Absent: all. */
  readonly subjects?: readonly SubjectName[];
  /** Absent: as often as everything else. */
  readonly runs?: number;
  stage(scale: Scale): StageOptions;
  run(stage: Stage, scale: Scale): Promise<Finding>;
}
