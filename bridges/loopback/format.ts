const maxNameLength = 50;

/** The control characters out: a network may take a line break in a name for the end of the name. */
export const oneLine = (text: string) =>
  [...text.replace(/\p{Cc}+/gu, ' ').trim()].slice(0, maxNameLength).join('') || 'somebody';
