/** One thing that is wrong with a config. */
export interface ConfigProblem {
  /** `config.yaml:3:5`, or the environment variable that the value came from. */
  readonly where: string;
  /** `bridge.listen.port`. Empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

const line = ({ where, path, message }: ConfigProblem) =>
  [where, ...(path === '' ? [] : [path]), message].join(': ');

/** A config that cannot be used: everything that is wrong with it, a line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(line).join('\n'));
    this.problems = problems;
  }
}

export type Path = readonly (string | number)[];

/** `networks.chat.portals[0].room` */
export const pathText = (path: Path) =>
  path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i > 0 ? '.' : ''}${step}`))
    .join('');
