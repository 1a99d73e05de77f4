export { Problem, type ProblemCode, problemCodes, problems } from './problems.ts';
