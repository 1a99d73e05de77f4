import type { Media, MessageBody } from '../model/message-body.ts';
import { mediaInWords, mediaName } from '../util/media-in-words.ts';

/** What cannot be changed any more is said again, with the mark that people use for a correction. */
export const asCorrection = (body: MessageBody): MessageBody => after('* ', body);

/** Something put before the words, and what is said of places in them moved on. */
function after(prefix: string, { text, html, mentions, ...rest }: MessageBody): MessageBody {
  const moved = mentions?.map((mention) => ({
    ...mention,
    start: mention.start + prefix.length,
    end: mention.end + prefix.length,
  }));
  return {
    ...rest,
    text: prefix + text,
    ...(html !== undefined && { html: prefix + html }),
    ...(moved && { mentions: moved }),
  };
}

/** What cannot be taken back is at least known to be meant so. Never with its words. */
export const asRetraction = (): MessageBody => ({ text: 'took back a message', as: 'emote' });

/** Where nobody can react, it is said. */
export const asReactionText = (emoji: string): MessageBody => ({
  text: `reacted with ${emoji}`,
  as: 'emote',
});

/** Where a chat has no name or topic of its own that could be changed, it is said. */
export const asTitleText = (part: 'name' | 'topic', text: string): MessageBody => ({
  text: titleText(part, text),
  as: 'emote',
});

/** What somebody did, to be said after who it was. */
export function titleText(part: 'name' | 'topic', text: string): string {
  if (text === '') return `took the ${part} away`;
  return `changed the ${part} to: ${text}`;
}

/** What comes late says when it was said, and on which day if that is not the day on which it comes. */
export function withTime(body: MessageBody, saidAtMs: number, comesAtMs: number): MessageBody {
  // Nothing comes before it is said, whatever the clock of its server shows.
  const atMs = [Math.min(saidAtMs, comesAtMs), comesAtMs];
  const [said, comes] = atMs.map((ms) => new Date(ms).toISOString());
  const [day, time] = [said?.slice(0, 10), said?.slice(11, 16)];
  const when = comes?.startsWith(`${day}`) ? `[${time} UTC]` : `[${day} ${time} UTC]`;
  return after(`${when} `, body);
}

/** Where files are not taken, a line of the text says where each is. */
export const withFilesLinked = (body: MessageBody, link: string): MessageBody =>
  mediaInWords(body, (file) => `${mediaName(file)} ${link}/${fileNameOf(file)}`);

/** The end of the name, with which some clients decide whether to show it. */
const fileNameOf = ({ name = '', as }: Media) => name.replaceAll(/[^\w.-]+/g, '_').slice(-40) || as;

/** Said by one bot for somebody: the name goes before the words. */
export function named(speakerName: string, body: MessageBody): MessageBody {
  const name = speakerName.replaceAll(/\s+/g, ' ').trim();
  return after(body.as === 'emote' ? `* ${name} ` : `<${name}> `, asPlainSpeech(body));
}

/** The words in HTML would not have the name in them, so they go. */
const asPlainSpeech = ({ text, mentions, media, as }: MessageBody): MessageBody => ({
  text,
  ...(mentions && { mentions }),
  ...(media && { media }),
  ...(as === 'notice' && { as }),
});
