/** The registration file: made, printed, read and checked. */
export { registrationProblems } from './registration/check.ts';
export { newRegistration, placeholderRegistration } from './registration/make.ts';
export {
  botLocalpart,
  type Registration,
  type RegistrationOptions,
} from './registration/model.ts';
export { printRegistration } from './registration/print.ts';
export { readRegistration } from './registration/read.ts';
