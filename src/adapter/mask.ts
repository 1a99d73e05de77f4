/**
 * Whether a text is as a mask says, in which `*` is any text and `?` any letter.
 *
 * Never goes back further than the last `*`: a mask comes from strangers, and as a regular expression one
 * of many stars could keep us busy for years.
 */
export function fitsMask(text: string, mask: string): boolean {
  let [at, from, star, retry] = [0, 0, -1, 0];
  while (at < text.length) {
    if (mask[from] === '*') {
      star = from++;
      retry = at;
    } else if (mask[from] === '?' || mask[from] === text[at]) {
      at += 1;
      from += 1;
    } else if (star >= 0) {
      from = star + 1;
      retry += 1;
      at = retry;
    } else return false;
  }
  return /^\**$/.test(mask.slice(from));
}
