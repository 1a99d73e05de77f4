/** The whole of what a network adapter may import from the core. */

export type * from '../model/message-body.ts';
export * from '../model/remote-ids.ts';
export type * from './command.ts';
export * from './errors.ts';
export type * from './info.ts';
export type * from './link-question.ts';
export type * from './login.ts';
export * from './mask.ts';
export type * from './matrix-action.ts';
export type * from './network.ts';
export type * from './operator-command.ts';
export type * from './remote-event.ts';
export type * from './session.ts';
export type * from './state.ts';
export type * from './voice.ts';
