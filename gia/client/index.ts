export type { AnswerOf, Call } from './calls.ts';
export {
  type Address,
  type Connection,
  connect,
  type Opened as OpenedAnswer,
} from './connection.ts';
export {
  anonymous,
  asLocalUser,
  asProvider,
  type Credentials,
  type Provider,
  userTokenOf,
} from './credentials.ts';
export { signDeviceList, type VerifiedList, verifyDeviceList } from './device-lists.ts';
export { cursorOf, type Following, follow, type Happening } from './events.ts';
export { ApiFailure } from './failure.ts';
export * from './jws.ts';
export { download, type Upload, uploadFile } from './media.ts';
