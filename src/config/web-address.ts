import { z } from 'zod';

const expected = 'expected a web address such as http://127.0.0.1:8008';

/** The root of an HTTP service. Kept without the slash at its end, so that paths can be added to it. */
export const webAddress = z
  .url({ protocol: /^https?$/, error: expected })
  .refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    return url !== undefined && !url.search && !url.hash && !url.username && !url.password;
  }, `${expected}, without a name, a password or a query in it`)
  .overwrite((text) => text.replace(/\/+$/, ''));
