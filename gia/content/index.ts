export * from './container.ts';
export { messageIdOf } from './message-id.ts';
export { readContainer } from './read.ts';
export { BadContent, type ContentCode, contentCodes } from './refusal.ts';
export { writeContainer } from './write.ts';
