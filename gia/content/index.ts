export * from './container.ts';
export { messageIdOf } from './message-id.ts';
export { readContainer } from './read.ts';
export { BadContent, type ContentCode, contentCodes } from './refusal.ts';
export { saidBy } from './said/from-container.ts';
export { portable } from './said/matrix-event.ts';
export * from './said/said.ts';
export { containerOf, type Saying } from './said/to-container.ts';
export { writeContainer } from './write.ts';
