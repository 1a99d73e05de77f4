/** Why a container is not taken, each a rule of the format: what comes with one of these is never shown, in no part. */
export const contentCodes = [
  'too_large',
  'not_cbor',
  'trailing_bytes',
  'indefinite_length',
  'not_shortest',
  'not_utf8',
  'key_order',
  'duplicate_key',
  'bad_key',
  'bad_number',
  'not_allowed_here',
  'too_deep',
  'bad_container',
  'bad_salt',
  'bad_message_id',
  'bad_topic',
  'bad_expiry',
  'bad_extension',
  'bad_part',
  'too_many_parts',
  'parts_disagree',
  'bad_file',
  'bad_status',
  'says_nothing',
] as const;
export type ContentCode = (typeof contentCodes)[number];

/** What was said is not what the format allows. `message` says where, for a log; nothing of the content is in it. */
export class BadContent extends Error {
  readonly code: ContentCode;
  constructor(code: ContentCode, message: string) {
    super(message);
    this.name = 'BadContent';
    this.code = code;
  }
}

/** `condition` is a rule of the format. */
export function must(condition: unknown, code: ContentCode, message: string): asserts condition {
  if (!condition) throw new BadContent(code, message);
}
